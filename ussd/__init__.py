"""The USSD door: aggregators' webhooks in, screens out.

`gateways/` knows the wire of each aggregator, one file each; `fields` checks what came; `dialled`, `cumulative` and
`numbers` read codes, typed text and callers; `gsm7` and `screen` make pages that fit,
`prompts` fills them; `turn` and `routes` join them.
"""
