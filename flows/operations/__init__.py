"""What an operation is: the contract between a flow that asks and the room that answers.

`registry` declares operations and collects those of all rooms; `signatures` reads their contract from type hints;
`answer` is what they give, `caller` who asks, `deadline` how long they may take. Services and records keep to it.
"""

from flows.operations.answer import Answer
from flows.operations.caller import Caller
from flows.operations.registry import Operation, operation

__all__ = ["Answer", "Caller", "Operation", "operation"]
