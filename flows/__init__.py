"""The services as conversations: flows and their wordings, the engine that walks them, and the tools of those who write.

`*.yaml` are services, `common/` the subdialogs, `locales/` the translations; `engine/` is pure; `library` reads the folder.
"""
