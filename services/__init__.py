"""What is true: the government services that Ghanti asks, as typed operations with typed outcomes.

`assemble` opens every room and gives the one `Services` that a door performs operations with. A room is a module or
an object with a tuple `OPERATIONS`; `registry` turns its functions into signatures for the engine and the linter.

- Own data, answered in microseconds: `post` and `csc` (from files that `build_places` and `import_centres` make),
  `billers`, `catalogue`.
- Departments, asked over HTTP: `lpg`, `bbps`, `mandi`, `weather`, through `http` with a deadline and a breaker.
- `data/` holds what ships with the project, `sandbox/` a separate HTTP service with made-up departments.

Nothing in here knows a channel or a session.
"""
