"""What Ghanti keeps of a caller: consent, the person's own PIN, saved numbers; and the operations on it.

`operations` is what flows ask, `callers` what is kept of one caller, `durable` where: in SQL, through `database`, in
the tables of `tables` (made by `migrations`), sealed by `vault`, told in the `audit` log. `upkeep` is for operators.
"""
