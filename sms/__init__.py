"""The SMS door: what comes in starts or continues a flow, what goes out equals its registered DLT template.

`texts` makes messages of what the machine says, `templates` holds them against what is registered, `inbound` reads what
people write, `turn` takes one message, `send` and `late` are the jobs, `gateways/` has one file an aggregator's wire.
"""
