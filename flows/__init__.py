"""The services as conversations, the engine that walks them, and the tools of those who write and translate them.

`*.yaml` are services, `common/` the subdialogs, `locales/` the translations; `engine/` is pure; `library` reads all.
"""
