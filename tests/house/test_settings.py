"""Settings: every one documented, everything that is wrong said at once, nothing secret shown."""

import ast
import base64
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

import settings
from docs.settings_table import markdown, unit
from settings import Settings, SettingsError, load, variable
from tests.house.tree import ROOT, code, parsed, shown

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "GHANTI_ENV": "production",
    "REDIS_URL": "redis://10.0.0.5:6379/0",
    "GHANTI_SESSION_KEYS": f"2:{KEY}, 1:{KEY}",
    "GHANTI_RECORD_KEYS": f"1:{KEY}",
    "GHANTI_DATABASE_URL": "postgresql://ghanti:secret@10.0.0.6/ghanti",
    "GHANTI_CALLER_HASH_KEY": KEY,
    "GHANTI_PIN_PEPPER": KEY,
    "GHANTI_USSD_TOKEN": "sixteen-letters-and-more",
    "GHANTI_SERVICE_CODE": "*777#",
    "GHANTI_HELPLINE_NUMBER": "1800111555",
    "GHANTI_SANDBOX": "0",
    "GHANTI_PUBLIC_URL": "https://ghanti.example.in",
    "GHANTI_SMS_TOKEN": "sixteen-letters-or-more",
    "GHANTI_METRICS_TOKEN": "sixteen-letters-or-more",
    "GHANTI_SMS_GATEWAYS": "kannel",
    "GHANTI_KANNEL_URL": "http://10.0.0.7:13013",
    "GHANTI_KANNEL_SENDER": "GHANTI",
    "GHANTI_KANNEL_USER": "ghanti",
    "GHANTI_KANNEL_PASSWORD": "secret",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without settings of this machine, and a folder of its own."""
    for name in list(os.environ):
        if name.startswith("GHANTI_") or name in {"PORT", "REDIS_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.setenv("GHANTI_VAR_DIR", str(tmp_path / "var"))


def _refusal(monkeypatch: pytest.MonkeyPatch, **changed: str) -> list[str]:
    for name, value in {**PRODUCTION, **changed}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load()
    return str(refused.value).splitlines()[1:]


def test_the_document_of_settings_is_what_the_settings_say() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == markdown(), "make docs"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_in_sentences(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


@pytest.mark.parametrize(
    "name", [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)]
)
def test_every_number_has_a_unit(name: str) -> None:
    assert unit(name)


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name.endswith("_s")])
def test_a_name_in_seconds_is_in_seconds(name: str) -> None:
    assert unit(name) == "seconds"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_decides_something(name: str) -> None:
    assert name in _read_somewhere(), f"nothing reads settings.{name}"


@cache
def _read_somewhere() -> frozenset[str]:
    """Every attribute that the code reads, and the names that service_settings.py joins of `lpg` and `_url`."""
    readers = [file for file in code() if shown(file) not in {"department_settings.py", "docs/settings_table.py"}]
    read = {node.attr for file in readers for node in ast.walk(parsed(file)) if isinstance(node, ast.Attribute)}
    app = parsed(ROOT / "service_settings.py")
    endings = re.findall(r"getattr\(settings, f'{field}(_\w+)'\)", ast.unparse(app))
    names = {node.value for node in ast.walk(app) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return frozenset(read | {name + ending for name in names for ending in endings})


def test_the_example_file_names_only_settings_that_exist() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.lstrip("# ").split("=")[0] for line in lines if "=" in line}
    assert named
    assert named <= {variable(name) for name in Settings.model_fields}


def test_trying_things_out_needs_no_setting() -> None:
    ours = load()
    assert (ours.env, ours.port, ours.host, ours.service_code) == ("development", 8000, "127.0.0.1", "*123#")
    assert len(ours.session_key_ring()[1]) == 32
    assert len({ours.session_key_ring()[1], ours.record_key_ring()[1], ours.caller_key(), ours.pepper()}) == 4


def test_local_keys_are_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    assert load().session_key_ring() == load().session_key_ring()
    (made,) = (tmp_path / "var").iterdir()
    assert made.stat().st_mode & 0o077 == 0
    assert set(json.loads(made.read_text())) == {"session_keys", "record_keys", "caller_hash_key", "pin_pepper"}


def test_whoever_starts_second_takes_the_keys_of_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = load().session_key_ring()
    monkeypatch.setattr(Path, "exists", lambda file: False)  # as when both looked before either wrote
    assert load().session_key_ring() == first
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["development-keys.json"]


def test_keys_of_development_that_came_later_are_added_and_the_others_stay(tmp_path: Path) -> None:
    before = load().session_key_ring()
    (made,) = (tmp_path / "var").iterdir()
    made.write_text(
        json.dumps({name: key for name, key in json.loads(made.read_text()).items() if "record" not in name})
    )
    added = load()
    assert added.session_key_ring() == before
    assert load().record_key_ring() == added.record_key_ring()


def test_settings_are_given_by_name_and_never_change() -> None:
    ours = Settings(port=9000)
    assert ours.port == 9000
    with pytest.raises(ValidationError):
        ours.port = 9001  # type: ignore[misc]


def test_settings_given_by_name_are_checked_on_demand() -> None:
    with pytest.raises(SettingsError, match="GHANTI_SESSION_KEYS"):
        Settings().check()
    ours = load()
    assert ours.check() is ours


def test_production_starts_when_everything_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert list(load().session_key_ring()) == [2, 1]
    assert not (tmp_path / "var").exists()


NOT_SET = " is not set, and its default is for development only"
GUESSED = " must be a secret of 16 characters or more, not a word anybody knows"
NO_ID = ": each key needs an id of its own before a colon, a number from 1 to 255"
SHORT = ": a key has at least 32 bytes; `python -m settings key` makes one"
LONG = ": a key with an id has 32 bytes; `python -m settings key` makes one"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GHANTI_USSD_TOKEN", "local", GUESSED),
        ("GHANTI_USSD_TOKEN", "fifteen-letters", GUESSED),
        ("REDIS_URL", "", NOT_SET),
        ("GHANTI_DATABASE_URL", "", NOT_SET),
        ("GHANTI_DATABASE_URL", "mysql://x", " must begin with postgresql:// or sqlite:///"),
        ("GHANTI_RECORD_KEYS", "", ": `python -m settings key` makes one"),
        ("GHANTI_SERVICE_CODE", "", NOT_SET),
        ("GHANTI_HELPLINE_NUMBER", "", NOT_SET),
        ("GHANTI_SMS_GATEWAYS", "sandbox, kannel", " names the sandbox, which reaches no phone"),
        ("GHANTI_SMS_TOKEN", "local", " must be a secret of 16 characters or more"),
        ("GHANTI_PUBLIC_URL", "http://ghanti.in", " must be an https:// address, where gateways bring their reports"),
        ("GHANTI_METRICS_TOKEN", "local", GUESSED),
        ("GHANTI_KANNEL_USER", "", " is not set, and GHANTI_SMS_GATEWAYS names kannel"),
        ("GHANTI_SANDBOX", "1", " must be 0: the sandbox's answers are made up"),
        ("GHANTI_SESSION_KEYS", "", ": `python -m settings key` makes one"),
        ("GHANTI_SESSION_KEYS", KEY, NO_ID),
        ("GHANTI_SESSION_KEYS", f"0:{KEY}", NO_ID),
        ("GHANTI_SESSION_KEYS", f"256:{KEY}", NO_ID),
        ("GHANTI_SESSION_KEYS", f"²:{KEY}", NO_ID),
        ("GHANTI_SESSION_KEYS", f"1:{KEY},1:{KEY}", NO_ID),
        ("GHANTI_SESSION_KEYS", "1:QUFB", SHORT),
        ("GHANTI_SESSION_KEYS", f"1:{KEY}!", ": a key is written in base64"),
        ("GHANTI_SESSION_KEYS", f"1:{base64.b64encode(bytes(33)).decode()}", LONG),
        ("GHANTI_CALLER_HASH_KEY", "QUFB", SHORT),
        ("GHANTI_PIN_PEPPER", "", SHORT),
        ("GHANTI_CALLER_HASH_KEY", "ключ", ": a key is written in base64"),
        ("GHANTI_COMVIVA_USERID", "airtel", " and GHANTI_COMVIVA_PASSWORD are set together or not at all"),
        ("GHANTI_SESSION_TTL_S", "599", " must not be less than GHANTI_RESUME_WINDOW_S"),
        ("GHANTI_REDIS_TIMEOUT_S", "2", " must be less than GHANTI_USSD_ANSWER_S"),
        ("GHANTI_LPG_URL", "http://example.in", " must begin with https://"),
        ("GHANTI_BBPS_URL", "http://example.in", " must begin with https://"),
        ("GHANTI_MANDI_URL", "http://example.in", " must begin with https://"),
        ("GHANTI_WEATHER_URL", "http://example.in", " must begin with https://"),
        ("GHANTI_WARNINGS_URL", "http://example.in", " must begin with https://"),
        ("GHANTI_SESION_TTL_S", "600", " is not a setting"),
        ("PORT", "eighty", ": Input should be a valid integer, unable to parse string as an integer"),
        ("GHANTI_NUMBER_LANGUAGES", "*123#", ": write it as number=tag, and commas between several"),
    ],
)
def test_one_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    assert _refusal(monkeypatch, **{name: value}) == [f"- {name}{said}."]


def test_everything_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(_refusal(monkeypatch, GHANTI_USSD_TOKEN="local", GHANTI_SANDBOX="1", GHANTI_OLD="1")) == 3
    assert len(_refusal(monkeypatch, PORT="0", GHANTI_ENV="test", GHANTI_OLD="1")) == 3


def test_a_word_that_everybody_knows_is_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = _refusal(monkeypatch, GHANTI_COMVIVA_USERID="airtel", GHANTI_COMVIVA_PASSWORD="local")
    assert [line.split()[1] for line in refused] == ["GHANTI_COMVIVA_PASSWORD"]


def test_a_mistyped_name_in_the_file_is_said_and_another_program_s_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text('GHANTI_SESION_TTL_S=600\nSOMETHING_ELSE=1\nGHANTI_USSD_TOKEN="local"\n')
    monkeypatch.delenv("GHANTI_USSD_TOKEN", raising=False)
    assert _refusal(monkeypatch) == ["- GHANTI_SESION_TTL_S is not a setting."]


def test_nothing_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sixteen-letters-and-more"
    with pytest.raises(ValidationError) as refused:
        Settings(web_threads=secret)
    assert secret not in str(refused.value)
    assert secret not in "\n".join(
        _refusal(monkeypatch, GHANTI_SESSION_KEYS=f"0:{secret}", GHANTI_CALLER_HASH_KEY=secret)
    )
    monkeypatch.setenv("GHANTI_SESSION_KEYS", f"1:{KEY}")
    monkeypatch.setenv("GHANTI_RECORD_KEYS", f"1:{KEY}")
    monkeypatch.setenv("GHANTI_CALLER_HASH_KEY", KEY)
    monkeypatch.setenv("GHANTI_PIN_PEPPER", KEY)
    shown = repr(load())
    assert secret not in shown
    assert KEY not in shown
    assert "10.0.0.5" not in shown
    assert "10.0.0.6" not in shown


def test_a_dialled_number_s_language_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GHANTI_NUMBER_LANGUAGES", "*123*7#=hi, 14599 = en")
    assert dict(load().number_languages) == {"*123*7#": "hi", "14599": "en"}


def test_the_command_says_what_is_wrong_and_makes_keys() -> None:
    asked = [sys.executable, "-m", "settings"]
    clean = {**os.environ, "GHANTI_SANDBOKS": "1"}
    refused = subprocess.run(asked, cwd=ROOT, env=clean, capture_output=True, text=True)
    assert (refused.returncode, refused.stderr.splitlines()[1:]) == (1, ["- GHANTI_SANDBOKS is not a setting."])
    made = subprocess.run([*asked, "key", "7"], cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    assert [*Settings(session_keys=made.stdout.strip()).session_key_ring()] == [7]


def test_reading_settings_loads_nothing_heavy() -> None:
    heavy = {
        "flask",
        "redis",
        "rq",
        "httpx",
        "twilio",
        "phonenumbers",
        "babel",
        "cryptography",
        "granian",
        "sqlalchemy",
    }
    asked = "import settings, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert heavy & set(loaded.split()) == set()
