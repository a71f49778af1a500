"""Templates: what a text must equal, the files that keep what is registered, and the command line."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from flows.engine.lint import Translated
from flows.engine.model import Menu
from sms.__main__ import main
from sms.expected import Expected, expected
from sms.template_files import BadTemplates, as_csv, load, problems, read, update
from sms.templates import Template, Templates
from sms.texts import MORE, Message
from tests.sms.worded import library, wanted
from tests.sms.worded import read as read_flows

V = "{#var#}"
RING = "Ring {#var#} to talk."
NAMED = "{#var#}{#var#}: {#var#}"


def _expected(key: str, text: str, language: str = "en", fits: bool = True) -> Expected:
    return Expected(key, language, text, "flows/case.yaml", 7, fits)


@pytest.mark.parametrize(
    ("key", "template", "text", "equal"),
    [
        ("a.b", RING, "Ring 14599 to talk.", True),
        ("a.b", RING, "Ring  to talk.", True),
        ("a.b", RING, f"Ring {'9' * 30} to talk.", True),
        ("a.b", RING, f"Ring {'9' * 31} to talk.", False),
        ("a.b", RING, "Ring 14599 to talk", False),
        ("a.b", RING, "ring 14599 to talk.", False),
        ("a.b", RING, " Ring 14599 to talk.", False),
        ("a.b", RING, "Ring 14599 to talk.\n", False),
        ("a.b", RING, "Ring 14\n599 to talk.", False),
        ("a.b", NAMED, f"{'क' * 60}: 5", True),
        ("a.b", NAMED, f"{'क' * 61}: 5", False),
        ("a.b", "Is it (yes)? [1+1] {#var#}", "Is it (yes)? [1+1] x", True),
        ("a.b", "Which?\n{#var#}", "Which?\n1 One\n2 Two", False),
        ("a.b options", "Which?\n{#var#}", "Which?\n1 One\n2 Two", True),
        ("a.b options", "Which?\n{#var#}", "Which?\n", False),
        ("a.b options", "Which?\n{#var#}", f"Which?\n{'x' * 31}", False),
        ("a.b options", "Which {#var#}?\n{#var#}", "Which a\nb?\n1 One", False),
        ("a.b options", "Which {#var#}?\n1 Yes\n2 No", "Which x?\n1 Yes\n2 No", True),
        ("a.b options", "Which {#var#}?\n1 Yes\n2 No", "Which x?\n1 Yes\n2 Nothing", False),
        (MORE, "More:\n{#var#}", "More:\n8 Eight\n9 Nine", True),
    ],
)
def test_a_text_equals_its_template_outside_the_variables(key: str, template: str, text: str, equal: bool) -> None:
    one = Template(key, "en", template, "77", "entity", "GHANTI")
    assert Templates([one]).of(Message(key, "en", text)) == (one if equal else None)


@pytest.mark.parametrize(
    "message", [Message("a.c", "en", "Hello"), Message("a.b", "hi", "Hello"), Message("a.b options", "en", "Hello")]
)
def test_no_other_key_and_no_other_language_stands_in(message: Message) -> None:
    assert Templates([Template("a.b", "en", "Hello")]).of(message) is None


def test_a_demonstration_is_sent_only_where_it_may_be_and_its_first_line_is_no_part_of_the_template() -> None:
    one = Template("a.b", "en", "Hello")
    marked = Message("a.b", "en", "DEMO, not real\nHello", demo=True)
    assert Templates([one]).of(marked) is None
    assert Templates([one]).of(marked, demo=True) == one
    assert Templates([one]).of(replace(marked, demo=False), demo=True) is None
    assert Templates([one]).of(replace(marked, text="Hello"), demo=True) is None


def test_the_files_of_the_repository_are_those_of_the_flows() -> None:
    assert list(problems(wanted(), library().languages)) == []


def test_every_sentence_that_is_written_beside_a_screen_has_a_template() -> None:
    keys = {one.key for one in wanted() if one.language == "en"}
    assert {"post_offices.details.sms", "bill_electricity.due.sms", "lpg_book.already", "pin.wrong one"} <= keys
    assert "post_offices.details" not in keys
    assert "common.sms_offer" not in keys


def test_what_is_not_translated_has_no_template_in_that_language() -> None:
    made, settings = read_flows()
    lacking = {"post_offices.pin", "confirm", "common.confirm_yes", "common.narrow"}

    def translate(key: str, form: str, language: str) -> Translated | None:
        return None if key in lacking else settings.translate(key, form, language)

    keys = {one.key for one in expected(made.flows, replace(settings, translate=translate)) if one.language == "hi"}
    gone = {one.key for one in wanted() if one.language == "hi"} - keys
    assert {key for key in gone if not key.endswith(" narrow")} == {"post_offices.pin", "lpg_book.book.confirm options"}
    assert {key for key in keys if key.endswith(" narrow")} == set()


def test_a_sentence_that_cannot_fit_two_parts_is_a_problem() -> None:
    made, settings = read_flows()

    def translate(key: str, form: str, language: str) -> Translated | None:
        return Translated(("क" * 135,)) if key == "post_offices.pin" else settings.translate(key, form, language)

    found = expected(made.flows, replace(settings, translate=translate))
    assert [(one.language, one.key) for one in found if not one.fits] == [("hi", "post_offices.pin")]


def test_names_count_as_letters_outside_gsm7_in_every_language() -> None:
    made, settings = read_flows()
    bill = made.flows.by_name["bill_electricity"]
    unknown = bill.blocks["unknown"]
    assert isinstance(unknown, Menu)
    for length, fits in ((60, True), (135, False)):  # 135 septets and a name are two parts, 135 units are not
        longer = replace(unknown, prompt=replace(unknown.prompt, text="x" * length + "{biller.name}"))
        flow = replace(bill, blocks={**bill.blocks, "unknown": longer})
        flows = replace(made.flows, by_name={**made.flows.by_name, bill.name: flow})
        found = [one for one in expected(flows, settings) if one.key == "bill_electricity.unknown options"]
        assert [one.fits for one in found if one.language == "en"] == [fits]


def test_fixed_choices_that_do_not_fit_two_parts_become_variables() -> None:
    made, settings = read_flows()
    long = {f"main_menu.start.choice.{name}" for name in ("lpg_book", "catalogue")}

    def translate(key: str, form: str, language: str) -> Translated | None:
        return Translated(("क" * 50,)) if key in long else settings.translate(key, form, language)

    found = expected(made.flows, replace(settings, translate=translate))
    (menu,) = [one for one in found if (one.language, one.key) == ("hi", "main_menu.start options")]
    assert menu.text.endswith(f"\n{V * 5}")
    assert menu.fits


def test_an_id_belongs_to_a_text_and_is_lost_with_it(tmp_path: Path) -> None:
    first = [_expected("a.b", "One"), _expected("a.c", "Two"), _expected("a.d", "Three")]
    assert update(first, "en", tmp_path) == ()
    path = tmp_path / "en.toml"
    written = path.read_text(encoding="utf-8").replace('entity = ""', 'entity = "11"')
    for number in "123":
        written = written.replace('id = ""', f'id = "{number}"', 1)
    path.write_text(written, encoding="utf-8")
    then = [_expected("a.b", "One"), _expected("a.c", "Two!"), _expected("a.e", "Three"), _expected("a.f", "One")]
    assert update(then, "en", tmp_path) == ("a.c",)
    assert read(path).entity == "11"
    assert read(path).entries == {
        "a.b": ("1", "One"),
        "a.c": ("", "Two!"),
        "a.e": ("3", "Three"),
        "a.f": ("1", "One"),
    }


@pytest.mark.parametrize("text", ['Say "yes"', "a\\b", "'''", '"""', "One\n1 Two", "घंटी", 'ends with "', "{#var#}\n\\"])
def test_any_text_comes_back_from_its_file(tmp_path: Path, text: str) -> None:
    update([_expected("a.b", text)], "en", tmp_path)
    assert read(tmp_path / "en.toml").entries == {"a.b": ("", text)}


def test_an_unchanged_file_is_written_byte_for_byte_as_it_was(tmp_path: Path) -> None:
    update(wanted(), "hi", tmp_path)
    before = (tmp_path / "hi.toml").read_bytes()
    update(wanted(), "hi", tmp_path)
    assert (tmp_path / "hi.toml").read_bytes() == before
    assert tomllib.loads(before.decode())["entity"] == ""


def _told(found: list[Expected], languages: tuple[str, ...], folder: Path) -> list[str]:
    return [str(problem) for problem in problems(found, languages, folder)]


def test_every_problem_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "sms" / "templates"
    update([_expected("a.b", "One"), _expected("a.c", "Two")], "en", folder)
    found = [_expected("a.b", "One!"), _expected("a.d", "Four", fits=False)]
    advice = "Run python -m sms templates --update, and register what is new. [sms-template]"
    assert _told(found, ("en",), folder) == [
        'flows/case.yaml:7: in language en the SMS "a.d" takes more than two parts in the worst case. '
        "Say it in fewer words. [sms-template]",
        f'sms/templates/en.toml:7: the template "a.b" is not what the flow says now. {advice}',
        f'sms/templates/en.toml:1: the template "a.d" is missing. {advice}',
        f'sms/templates/en.toml:11: no SMS is worded by the template "a.c" any more. {advice}',
    ]


def test_a_language_without_a_file_lacks_every_template(tmp_path: Path) -> None:
    assert len(_told([_expected("a.b", "One", "hi"), _expected("a.c", "Two", "hi")], ("hi",), tmp_path)) == 2


@pytest.mark.parametrize("written", ["entity = ", 'entity = ""', 'entity = ""\nheader = ""\n["a"]\nid = 7\ntext = ""'])
def test_a_file_that_cannot_be_read_is_a_problem_and_is_not_overwritten(tmp_path: Path, written: str) -> None:
    (tmp_path / "en.toml").write_text(written, encoding="utf-8")
    (told,) = _told([], ("en",), tmp_path)
    assert "is no file of templates" in told
    with pytest.raises(BadTemplates):
        update([], "en", tmp_path)
    assert (tmp_path / "en.toml").read_text(encoding="utf-8") == written


def test_what_was_loaded_carries_id_entity_and_header(tmp_path: Path) -> None:
    written = 'entity = "11"\nheader = "GHANTI"\n["a.b"]\nid = "7"\ntext = "One"\n'
    (tmp_path / "hi.toml").write_text(written, encoding="utf-8")
    found = load(("hi", "en"), tmp_path).of(Message("a.b", "hi", "One"))
    assert found == Template("a.b", "hi", "One", "7", "11", "GHANTI")


def test_a_portal_takes_each_text_once() -> None:
    found = [_expected("a.b", RING), _expected("a.c", RING), _expected("a.d", "X\n1 Y"), _expected("a.e", "Z", "hi")]
    rows: list[Mapping[str, str]] = list(csv.DictReader(as_csv(found, "en").splitlines(keepends=True)))
    assert rows == [
        {"name": "en a.b", "text": RING, "language": "en", "variables": "1"},
        {"name": "en a.d", "text": "X\n1 Y", "language": "en", "variables": "0"},
    ]


def test_the_command_line_says_what_is_missing_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["templates", "--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("is missing") == len(wanted())
    assert main(["templates", "--update", "--folder", str(tmp_path)]) == 0
    assert "0 registered" in capsys.readouterr().out
    assert main(["templates", "--folder", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["templates", "--csv", "en"]) == 0
    assert capsys.readouterr().out.startswith("name,text,language,variables\nen common.")
    assert main(["templates", "--csv", "xx"]) == 2
