from pathlib import Path

import pytest

from services.labelled import LABEL, Malformed, labelled


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "some.csv"


def read(path: Path) -> tuple[bool, list[tuple[int, dict[str, str]]]]:
    with labelled(path, ("a", "b")) as (demo, rows):
        return demo, [(line, dict(row)) for line, row in rows]


def test_rows_come_with_their_lines_whatever_the_order_of_columns(csv: Path) -> None:
    csv.write_text("B,a,c\n2, 1 ,3\n\n5,4,6\n")
    assert read(csv) == (False, [(2, {"a": "1", "b": "2", "c": "3"}), (4, {"a": "4", "b": "5", "c": "6"})])


def test_the_label_is_the_first_line(csv: Path) -> None:
    csv.write_text(f"{LABEL}\n# a comment\na,b\n1,2\n")
    assert read(csv) == (True, [(4, {"a": "1", "b": "2"})])


def test_a_label_further_down_is_only_a_comment(csv: Path) -> None:
    csv.write_text(f"a,b\n{LABEL}\n1,2\n")
    assert read(csv) == (False, [(3, {"a": "1", "b": "2"})])


def test_a_byte_order_mark_is_no_part_of_it(csv: Path) -> None:
    csv.write_bytes(b"\xef\xbb\xbf" + f"{LABEL}\na,b\n1,2\n".encode())
    assert read(csv) == (True, [(3, {"a": "1", "b": "2"})])


def test_a_row_of_another_length_comes_empty(csv: Path) -> None:
    csv.write_text("a,b\n1\n1,2,3\n1,2\n")
    assert read(csv) == (False, [(2, {}), (3, {}), (4, {"a": "1", "b": "2"})])


def test_a_quoted_line_break_does_not_shift_the_lines(csv: Path) -> None:
    csv.write_text('a,b\n"x\ny",2\n3,4\n')
    assert [line for line, _ in read(csv)[1]] == [3, 4]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,c\n1,2\n", "some.csv: the heading lacks b"),
        (b"", "some.csv: no heading; it must be a,b"),
        (b"# only this\n", "some.csv: no heading"),
        (b'a,b\n1,"2\n', "some.csv:2: not CSV"),
        ("a,b\n1,ä\n".encode("latin-1"), "some.csv is not UTF-8 text"),
        ("ä,b\n".encode("latin-1"), "some.csv is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(csv: Path, content: bytes, sentence: str) -> None:
    csv.write_bytes(content)
    with pytest.raises(Malformed, match=sentence):
        read(csv)
