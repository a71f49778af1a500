"""What happens here, counted: on a public page, for those who watch, and never about one person.

- `tally`: counts in memory, put into Redis each second; `turns` says what a turn counts.
- `transactions`: when a service's use has ended, and how.
- `drain`: moves both from Redis into SQL, once, whatever is killed meanwhile.
- `stats`, `board`, `announced`: the figures, kept for a few seconds, beside those that the ministry announced.
- `metrics`: the same house as Prometheus reads it; `pages`: `/stats`, `/stats.json` and `/metrics`.
"""
