from pathlib import Path

import pytest

from services.billers import Billers
from services.labelled import Malformed

HEAD = "id,name,state,bbps_id\n"


def file(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "billers.csv"
    path.write_text(HEAD + rows)
    return path


def test_companies_come_by_state_and_name(tmp_path: Path) -> None:
    billers = Billers(file(tmp_path, "b,Bee,Two,\nc,Cee,One,X1\na,Aye,Two,\n"))
    assert [(biller.id, biller.name, biller.state) for biller in billers.electricity().billers] == [
        ("c", "Cee", "One"),
        ("a", "Aye", "Two"),
        ("b", "Bee", "Two"),
    ]
    assert billers.bbps_ids == {"a": "", "b": "", "c": "X1"}


@pytest.mark.parametrize("row", [",Bee,Two,", "b,,Two,", "b,Bee,,", "a,Bee,Two,", "b,Bee"])
def test_a_row_that_is_no_company_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(Malformed, match=r"billers\.csv:3: each row needs its own id"):
        Billers(file(tmp_path, f"a,Aye,One,\n{row}\n"))
