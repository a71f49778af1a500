"""Every setting of Ghanti, with its default and unit; `python -m settings` says what is wrong with yours.

A setting comes from the environment (`GHANTI_SESSION_TTL_S=600`; `REDIS_URL` and `PORT` have no prefix) or from a file
`.env` beside this one. docs/settings.md is written from this file by `make docs`.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from department_settings import PREFIX, ROOT, DepartmentSettings, documented
from record_settings import RecordSettings
from secret_keys import SECRETS, kept_in, new_key, read_key, read_ring
from sms_settings import SmsSettings
from ussd_settings import LOCAL_TOKEN, UssdSettings


class SettingsError(Exception):
    """The settings are wrong; the message names every variable and never shows a value."""


class Settings(RecordSettings, UssdSettings, SmsSettings, DepartmentSettings):
    """What an operator may decide. Made by `load()`; tests make it directly with `_env_file=None`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    env: Literal["development", "production"] = documented(
        "development", "", "What this is: `production` refuses every default that is only good for trying things out."
    )
    host: str = documented("127.0.0.1", "address", "The address that the web server listens on.")
    port: int = documented(
        8000, "port", "The port that the web server listens on.", validation_alias="PORT", ge=1, le=65535
    )
    web_processes: int = documented(2, "processes", "Web processes; one for each core is right.", ge=1, le=64)
    web_threads: int = documented(8, "threads", "Threads that answer webhooks in each web process.", ge=1, le=256)
    worker_processes: int = documented(2, "processes", "Worker processes; they ask slow services.", ge=1, le=64)
    sweep_s: float = documented(
        3.0, "seconds", "How often the sweeper looks for promised work that was lost, and what is due.", gt=0, le=10
    )
    outbox_tries: int = documented(
        8, "tries", "How often promised work is tried before it is dead (`python -m records dead`).", ge=1, le=20
    )
    log_level: Literal["debug", "info", "warning", "error"] = documented("info", "", "How much is logged.")
    var_dir: Path = documented(
        ROOT / "var", "folder", "Where files that are made here live: data, local keys, Valkey's files."
    )

    redis_url: SecretStr = documented(
        SecretStr(""),
        "URL",
        "The Redis that holds live sessions and the queue, `redis://host:6379/0`; empty: an embedded Valkey.",
        validation_alias="REDIS_URL",
    )
    redis_timeout_s: float = documented(
        0.8, "seconds", "How long a turn waits for Redis before the caller is told.", gt=0
    )

    session_ttl_s: int = documented(600, "seconds", "How long a silent session is kept.", ge=30)
    resume_window_s: int = documented(600, "seconds", "How long after a drop the next dial is offered to go on.", ge=0)
    session_keys: Annotated[tuple[SecretStr, ...], NoDecode] = documented(
        (),
        "id:base64, …",
        "Keys that encrypt sessions, 32 bytes each, ids 1 to 255; the first encrypts, all decrypt. "
        "Development makes its own in the folder `GHANTI_VAR_DIR`.",
    )
    caller_hash_key: SecretStr = documented(
        SecretStr(""),
        "base64",
        "The key, 32 bytes or more, of the hash under which a caller's number is kept. Development makes its own.",
    )
    pin_pepper: SecretStr = documented(
        SecretStr(""),
        "base64",
        "The secret, 32 bytes or more, that goes into the hash of a person's PIN. Development makes its own.",
    )
    blocks_a_turn: int = documented(30, "blocks", "The most blocks that a flow walks in one turn.", ge=5)
    turns_a_session: int = documented(100, "turns", "The most turns in one session; then it ends politely.", ge=10)
    attempts: int = documented(
        3, "attempts", "Mistakes, or silences, at one block before a person is offered.", ge=1, le=9
    )

    metrics_token: SecretStr = documented(
        SecretStr(LOCAL_TOKEN), "", "What Prometheus shows for `/metrics`, as a bearer. Production refuses `local`."
    )
    log_format: Literal["", "json", "text"] = documented(
        "", "", "How logs are written; empty: `json` in production, `text` in development."
    )
    patience_s: float = documented(
        1.0,
        "seconds",
        "How long a turn itself waits for a department that should answer within 15 s before it says 'checking'.",
        ge=0,
    )
    helpline_number: str = documented(
        "14599", "", "The number of the helpline, as prompts name it. Not confirmed by anybody: production must set it."
    )
    default_language: str = documented(
        "", "language tag", "First contact's language; empty: the menu of languages first."
    )
    number_languages: Annotated[Mapping[str, str], NoDecode] = documented(
        {}, "number=tag, …", "The language tied to a dialled number or service code: `*123*7#=hi`."
    )

    @field_validator("number_languages", mode="before")
    @classmethod
    def _split_numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.strip().partition("=") for part in value.split(",") if part.strip()]
        if not all(number and tag for number, _, tag in pairs):
            raise ValueError("write it as number=tag, and commas between several")
        return {number.strip(): tag.strip() for number, _, tag in pairs}

    def session_key_ring(self) -> dict[int, bytes]:
        """Id → 32 bytes; the first encrypts, all decrypt. Raises ValueError when one is malformed, or none is there."""
        return read_ring(key.get_secret_value() for key in self.session_keys)

    def caller_key(self) -> bytes:
        """The key of the callers' hash. Raises ValueError when it is malformed or short."""
        return read_key(self.caller_hash_key.get_secret_value())

    def pepper(self) -> bytes:
        """What goes into the hash of a PIN. Raises ValueError when it is malformed or short."""
        return read_key(self.pin_pepper.get_secret_value())

    def records_url(self) -> str:
        """The URL of the database that keeps callers' records."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.var_dir / 'records.sqlite'}"

    def log_form(self) -> Literal["json", "text"]:
        """How logs are written here."""
        return self.log_format or ("json" if self.env == "production" else "text")

    def check(self) -> Self:
        """These settings, when they can serve; else raises SettingsError with everything that is wrong."""
        if problems := self.problems():
            raise SettingsError(_refusal(problems))
        return self

    def problems(self) -> list[str]:
        """What is wrong when these are taken together, one sentence each, without the full stop."""
        return [*self._everywhere(), *(self._in_production() if self.env == "production" else ())]

    def _everywhere(self) -> Iterator[str]:
        readers = (self.session_key_ring, self.record_key_ring, self.caller_key, self.pepper)
        for name, read in zip(SECRETS, readers, strict=True):
            try:
                read()
            except ValueError as error:
                yield f"{variable(name)}: {error}"
        if self.session_ttl_s < self.resume_window_s:
            yield f"{variable('session_ttl_s')} must not be less than {variable('resume_window_s')}"
        for name in ("redis_timeout_s", "patience_s"):
            if getattr(self, name) >= self.ussd_answer_s:
                yield f"{variable(name)} must be less than {variable('ussd_answer_s')}"
        yield from self.ussd_problems()
        yield from self.record_problems()
        yield from self.sms_problems()
        yield from self.department_problems()

    def _in_production(self) -> Iterator[str]:
        for name in ("redis_url", "database_url", "service_code", "helpline_number"):
            if name not in self.model_fields_set:
                yield f"{variable(name)} is not set, and its default is for development only"
        if len(self.metrics_token.get_secret_value()) < 16:
            yield f"{variable('metrics_token')} must be a secret of 16 characters or more, not a word anybody knows"
        yield from self.ussd_in_production()
        yield from self.sms_in_production()
        if self.sandbox:
            yield f"{variable('sandbox')} must be 0: the sandbox's answers are made up"


def variable(field: str) -> str:
    """The environment variable of a field: `GHANTI_ENV`, `PORT`."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def load() -> Settings:
    """The settings of this process's environment, checked; in development, missing keys are made once and kept.

    Raises SettingsError, which names everything that is wrong, an unknown `GHANTI_` variable included.
    """
    known = {variable(name) for name in Settings.model_fields}
    named = {*os.environ, *dotenv_values(ROOT / ".env")}
    wrong = [f"{name} is not a setting" for name in sorted(named - known) if name.startswith(PREFIX)]
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError(_refusal([*wrong, *map(_sentence, error.errors())])) from None
    missing = [name for name in SECRETS if name not in settings.model_fields_set]
    if missing and settings.env == "development":
        kept: dict[str, Any] = kept_in(settings.var_dir / "development-keys.json")
        settings = Settings(**{name: kept[name] for name in missing})
    if problems := [*wrong, *settings.problems()]:
        raise SettingsError(_refusal(problems))
    return settings


def _sentence(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0])
    return f"{variable(name) if name in Settings.model_fields else name}: {error['msg'].removeprefix('Value error, ')}"


def _refusal(problems: list[str]) -> str:
    return "These settings cannot serve:\n" + "\n".join(f"- {problem}." for problem in problems)


def _main(arguments: list[str]) -> None:
    if arguments[:1] == ["key"]:
        print(new_key(int(arguments[1]) if len(arguments) > 1 else 1))
        return
    try:
        load()
    except SettingsError as error:
        sys.exit(str(error))
    print("These settings can serve.")


if __name__ == "__main__":
    _main(sys.argv[1:])
