"""Writes docs/settings.md from settings.py: `python -m docs.settings_table`, or `make docs`."""

from pathlib import Path

from pydantic import SecretStr

from department_settings import ROOT, DepartmentSettings
from record_settings import RecordSettings
from settings import Settings, variable

_TOP = """\
# Settings

Written by `make docs` from `settings.py`; change a default or a sentence there, not here. A setting comes from the
environment or from a file `.env` beside `settings.py`, the environment first; an empty one counts as not set.
`python -m settings` names everything that is wrong with yours, and `python -m settings key 1` makes a key.

With `GHANTI_ENV=production` Ghanti refuses to start until every default that is only good for trying things out is
replaced.
"""
_HEAD = "| Variable | Default | Unit | What it is for |\n|---|---|---|---|\n"


def markdown() -> str:
    """The whole of docs/settings.md."""
    departments, kept = list(DepartmentSettings.model_fields), list(RecordSettings.model_fields)
    service = [name for name in Settings.model_fields if name not in departments + kept]
    parts = (
        ("The service itself", service),
        ("What it keeps of callers", kept),
        ("Its data, and the departments that it asks", departments),
    )
    return _TOP + "".join(f"\n## {title}\n\n{_HEAD}{''.join(map(_row, names))}" for title, names in parts)


def unit(field: str) -> str:
    """The unit of a setting, or "" where it has none."""
    extra = Settings.model_fields[field].json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) else ""


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    return f"| `{variable(name)}` | {_shown(field.default)} | {unit(name)} | {field.description} |\n"


def _shown(default: object) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    if isinstance(value, Path):
        value = value.relative_to(ROOT).as_posix()
    if isinstance(value, bool):
        value = int(value)
    return f"`{value}`" if value or value == 0 else "empty"


if __name__ == "__main__":
    print(markdown(), end="")
