"""The pure heart of Ghanti: flows are data, `advance` is a function, nothing here touches the world.

What is here: the flow model and its parser, the linter, events in and effects out, the machine between them,
grammars, values and wordings. Nothing here reads a clock, a file, a socket or a random number.
"""
