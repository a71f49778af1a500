"""CSV files that may be labelled as made up: the label is the file's first line, so it cannot get lost on the way."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LABEL = "# ghanti: demo"
"""The first line of a file of made-up rows."""


class Malformed(Exception):
    """A file is not what it should be; the message says the line and what to do."""


@contextmanager
def labelled(path: Path, columns: Sequence[str]) -> Iterator[tuple[bool, Iterator[tuple[int, Mapping[str, str]]]]]:
    """Whether the file is labelled as made up, and its rows with their line numbers, columns in any order.

    Lines that begin with # are comments; a row that is not as long as the heading comes as an empty one. UTF-8, with or
    without a byte order mark. Raises Malformed, also while reading, for a heading that lacks a column and for a file
    that is no CSV.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline()
        except UnicodeDecodeError:
            raise Malformed(f"{path.name} is not UTF-8 text; save it as CSV UTF-8") from None
        file.seek(0)
        yield first.strip() == LABEL, _rows(path, file, columns)


def _rows(path: Path, file: Iterator[str], columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    passed = 0

    def told() -> Iterator[str]:
        nonlocal passed
        for line in file:
            if line.startswith("#"):
                passed += 1
            else:
                yield line

    reader = csv.reader(told(), strict=True)
    heading: list[str] | None = None
    try:
        for row in reader:
            if heading is None:
                heading = [name.strip().lower() for name in row]
                if missing := [name for name in columns if name not in heading]:
                    raise Malformed(f"{path.name}: the heading lacks {', '.join(missing)}")
            elif row:
                line = reader.line_num + passed
                yield line, dict(zip(heading, map(str.strip, row), strict=True)) if len(row) == len(heading) else {}
    except csv.Error as error:
        raise Malformed(f"{path.name}:{reader.line_num + passed}: not CSV ({error})") from None
    except UnicodeDecodeError:
        raise Malformed(f"{path.name} is not UTF-8 text; save it as CSV UTF-8") from None
    if heading is None:
        raise Malformed(f"{path.name}: no heading; it must be {','.join(columns)}")
