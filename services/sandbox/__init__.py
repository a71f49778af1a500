"""A sandbox of departments: a separate small HTTP service with labelled, made-up answers, for trying Ghanti out.

`python -m services.sandbox --port 8001` starts it, `create_sandbox()` makes it for tests. It answers in the shapes of
the real upstreams, late and wrong on demand; README.md in this folder has the magic numbers. Also here: the made-up
centres and the scripts that make them and the demo catalogue (`make_centres`, `make_catalogue`).

Nothing outside this folder makes anything up.
"""
