"""The benchmarks: what a whole USSD turn costs here, next to the least it could cost and to the fastest peer known.

`python -m bench turns` starts a Valkey of its own and four servers one after another on the same core, all in one run:

- ghanti: `app:create_app` under granian, exactly as `make run` starts its web process;
- floor: a bare Flask view that reads `request.form` and makes one pipelined redis-py round trip, under the same server;
- peer: `ussd-menu-builder` (npm) on Node's http server with its session in the same Valkey; left out without Node;
- nothing: a WSGI callable that answers "ok", which shows what the load itself can reach.

The server and Valkey share one core, the load has the other. Saturation is a closed loop over 16 keep-alive
connections, the targets interleaved round by round; a ratio is the median of the ratios of each round. The delays come
from an open loop of 700 turns a second: a delay is counted from the time at which a turn was due, so that a slow answer
also counts against the turns that waited behind it. Every single answer is compared with the expected one.

`python -m bench profile` says where the time of one turn goes, function by function, in one process.

`python -m bench chaos` measures no speed: under load it kills whatever it can, and counts in the end that every promise
was kept once. Its files are `chaos` (the run) and `chaos_` followed by `book` (what callers were promised), `callers`,
`carrier` (webhooks), `processes` (kills), `provider` (a process with the ledger), `reconcile`, `report` and `resume`.

What else is in this folder: `dialogue` (what the callers do: the one place to change when the menus change), `places`
(PIN codes drawn from the real data), `load` (the generator), `wire` (its HTTP), `arithmetic` (percentiles and ratios),
`servers`, `valkey` and `node` (processes), `floor`, `nothing` and `peer/` (what is measured against), `rehearsal` (the
expected answers), `sizes` (bytes a session), `targets` (what is started), `turns` (the run), `report`, `profile`.
"""
