"""What is kept of callers between two turns, the turns themselves, and the answers that come later.

- `keyring`: seals what is kept (AES-GCM) and hides numbers behind a keyed hash.
- `connection`, `store`: Redis on the path of every turn: one read, one compare-and-set.
- `codec`, `packed_run`: a session as few bytes.
- `runner`, `editions`: a turn from event to prompt, on the version of the flows that the session began with.
- `late`, `outcomes`, `queue`, `worker`: what a service answers after the turn is over.
- `embedded`, `tied`: a Valkey of our own where there is no Redis, which ends with the process that started it.
"""
