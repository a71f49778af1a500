"""The IVR door: calls, missed calls and the calls back, in the dialects of telephony providers.

`gateways/` has one file a dialect, `missed_calls/` one for each provider that only tells of missed calls. `heard.py` is
what they tell us, `verbs.py` what we tell them; `twiml.py` and `markup.py` write it, `fields.py`, `addresses.py` and
`spoken.py` are what the dialects share.
"""
