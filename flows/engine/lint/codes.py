"""Service codes: each service has one, nobody else has it, and it is for ever what the register says."""

from collections.abc import Iterator

from flows.engine.lint.settings import LintSettings
from flows.engine.model import Flow, Flows
from flows.engine.problems import Problem


def check(flows: Flows, settings: LintSettings) -> Iterator[Problem]:
    """All codes of all flows against each other and the register."""
    holders: dict[str, Flow] = {}
    registered = {name: code for code, name in settings.codes.items()}
    for flow in flows.by_name.values():
        if flow.subdialog:
            continue
        line = flow.lines.get(".code", 1)
        if flow.code in holders:
            told = f'{flow.code} is the code of "{holders[flow.code].name}" too. Take the next free number.'
            yield Problem(flow.file, line, "code-twice", told)
            continue
        holders[flow.code] = flow
        yield from _registered(flow, line, registered.get(flow.name), settings)
    for code in settings.codes:
        if not code.isascii() or not code.isdigit() or len(code) < 2 or code.startswith("0"):
            told = f'"{code}" is no service code: two or more digits, the first not 0. Write it so.'
            yield Problem(settings.codes_file, settings.code_lines.get(code, 1), "code", told)


def _registered(flow: Flow, line: int, code: str | None, settings: LintSettings) -> Iterator[Problem]:
    holder = settings.codes.get(flow.code)
    if code is not None and code != flow.code:
        told = f'the code of "{flow.name}" is {code} for ever, as {settings.codes_file} says. Write "code: {code}".'
        yield Problem(flow.file, line, "code-changed", told)
    elif holder is not None and holder != flow.name:
        told = f'{flow.code} belongs to "{holder}" for ever, even if that is gone. Take the next free number.'
        yield Problem(flow.file, line, "code-reused", told)
    elif holder is None:
        told = (
            f'code {flow.code} is not in the register. Add a line to {settings.codes_file}: {flow.code} = "{flow.name}"'
        )
        yield Problem(flow.file, line, "code-unregistered", told)
