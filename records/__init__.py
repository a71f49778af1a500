"""What Ghanti keeps of a caller: consent, the person's own PIN, saved numbers; and the operations on it.

For now one sealed record a caller in Redis, behind the same operations that a durable store will serve.
"""
