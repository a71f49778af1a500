"""The companies whose electricity bills can be fetched, from a file that ships with the project."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.engine.values import Name
from flows.operations.registry import operation
from services.labelled import Malformed, labelled

COLUMNS = ("id", "name", "state", "bbps_id")


@dataclass(frozen=True, slots=True)
class Biller:
    """An electricity company and the state that it serves; `id` is ours, not the payment system's."""

    id: str
    name: Name
    state: Name


@dataclass(frozen=True, slots=True)
class Found:
    """All companies, by state and name."""

    billers: tuple[Biller, ...]


class Billers:
    """The companies of a file with the columns id, name, state, bbps_id. Raises Malformed.

    `bbps_ids` is our id → the company's id in the Bharat Bill Payment System, "" until the operator has filled it in.
    """

    def __init__(self, path: Path) -> None:
        billers: list[Biller] = []
        ids: dict[str, str] = {}
        with labelled(path, COLUMNS) as (_, rows):
            for line, row in rows:
                if not row or not (row["id"] and row["name"] and row["state"]) or row["id"] in ids:
                    raise Malformed(f"{path.name}:{line}: each row needs its own id, a name and a state")
                ids[row["id"]] = row["bbps_id"]
                billers.append(Biller(row["id"], Name(row["name"]), Name(row["state"])))
        self._found = Found(tuple(sorted(billers, key=lambda biller: (biller.state, biller.name))))
        self.bbps_ids: Mapping[str, str] = ids

    @operation("biller.electricity", recall=True)
    def electricity(self) -> Found:
        """The electricity companies of India."""
        return self._found

    OPERATIONS = (electricity,)
