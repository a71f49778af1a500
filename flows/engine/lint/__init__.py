"""The linter: proves of every flow, language and channel what the design promises, before anyone dials.

`check` runs the rules, `costs` counts what an answer costs a caller. Each other file is one rule, or what rules share:
`settings` (what must be told from outside), `case` (one flow under proof), `graph` and `knowledge` (its ways, and what
is known on them), `references` and `words` (what sentences name, and how they are worded).
"""

from flows.engine.lint.costs import Cost
from flows.engine.lint.proof import check, costs
from flows.engine.lint.settings import Bounds, LanguageFacts, LintSettings, Translated

__all__ = ["Bounds", "Cost", "LanguageFacts", "LintSettings", "Translated", "check", "costs"]
