"""The settings: environment `TWINCORD_*` over `twincord.toml` over defaults.

Nothing is read on import: `load_settings` is called once, by the composition root.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import (
    SettingsError as SourceError,
)

from config import FOLDER
from config.errors import SettingsError

FILE = Path("twincord.toml")
PREFIX = "TWINCORD_"
PLACE_IN_FILE = re.compile(r"at line (\d+)")
SETTING_NAME = re.compile(r"[A-Za-z_-]{1,40}")
"""What may be shown of an unknown name in the file: somebody may have written the token there."""
HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
"""A host name, an IPv4 or an IPv6 address; that it exists is seen when the health page starts."""
Language = Literal["en", "fr", "es"]
UNANSWERED = (
    "unanswered_one_hours",
    "unanswered_more_hours",
    "unanswered_everyone_hours",
    "unanswered_coordinators_hours",
)
"""When a question that nobody answers moves; each step comes after the one before."""
Hours = Annotated[int, Field(ge=1, le=8760)]
"""At most a year."""
Hour = Annotated[int, Field(ge=0, le=23)]
"""A full hour of the day."""


class Settings(BaseSettings):
    """Everything an administrator may set. Frozen; secrets never show in a `repr`.

    The descriptions are the ids of the sentences that say what is wrong and what to write.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # pydantic prints a secret's raw value otherwise
        nested_model_default_partial_update=False,
    )

    token: SecretStr | None = Field(default=None, description="settings.wrong_token")
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///data/twincord.db"), description="settings.wrong_database_url"
    )
    language: Language = Field(default="en", description="settings.wrong_language")
    members_intent: bool = Field(default=True, description="settings.wrong_members_intent")
    shard_count: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="settings.wrong_shard_count"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="settings.wrong_log_level"
    )
    log_format: Literal["text", "json"] = Field(default="text", description="settings.wrong_log_format")
    health_host: str = Field(default="127.0.0.1", description="settings.wrong_health_host")
    health_port: Annotated[int, Field(ge=0, le=65535)] | None = Field(
        default=None, description="settings.wrong_health_port"
    )
    unanswered_one_hours: Hours = Field(default=24, description="settings.wrong_unanswered")
    unanswered_more_hours: Hours = Field(default=48, description="settings.wrong_unanswered")
    unanswered_everyone_hours: Hours = Field(default=72, description="settings.wrong_unanswered")
    unanswered_coordinators_hours: Hours = Field(default=96, description="settings.wrong_unanswered")
    night_begins: Hour = Field(default=21, description="settings.wrong_night")
    night_ends: Hour = Field(default=8, description="settings.wrong_night")
    requests_per_second: Annotated[float, Field(ge=1, le=1000)] = Field(
        default=48.0, description="settings.wrong_requests_per_second"
    )
    topics_file: Path = Field(default=FOLDER / "topics.csv", description="settings.wrong_topics_file")
    locales_folder: Path = Field(default=FOLDER / "locales", description="settings.wrong_locales_folder")

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a pickle would carry the secrets to wherever it is kept."""
        raise TypeError("Settings hold secrets and cannot be pickled")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log line, error or answer may hold: the token, and the password of the database."""
        found = [self.token.get_secret_value()] if self.token else []
        try:
            password = urlsplit(self.database_url.get_secret_value()).password
        except ValueError:
            password = None
        return (*found, password, unquote(password)) if password else tuple(found)

    @field_validator("language", "log_level", "log_format", mode="before")
    @classmethod
    def _words_in_lower_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("token", mode="after")
    @classmethod
    def _token_is_one_word(cls, value: SecretStr | None) -> SecretStr | None:
        secret = value.get_secret_value().strip() if value else ""
        if not secret:
            return None
        if not secret.isascii() or not secret.isprintable() or " " in secret:
            raise ValueError("not a token")
        return SecretStr(secret)

    @field_validator("database_url", mode="after")
    @classmethod
    def _database_is_known(cls, value: SecretStr) -> SecretStr:
        scheme, separator, _ = value.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
            raise ValueError("not a database URL")
        return value

    @field_validator("health_host", mode="after")
    @classmethod
    def _host_is_a_name(cls, value: str) -> str:
        if not HOST.fullmatch(value):
            raise ValueError("not a host")
        return value

    @field_validator(*UNANSWERED[1:], mode="after")
    @classmethod
    def _steps_follow_each_other(cls, value: int, info: ValidationInfo) -> int:
        earlier = [info.data[name] for name in UNANSWERED if name in info.data]
        if earlier and value <= max(earlier):
            raise ValueError("before an earlier step")
        return value

    @field_validator("topics_file", mode="after")
    @classmethod
    def _topics_are_there(cls, value: Path) -> Path:
        if not value.is_file():
            raise ValueError("no such file")
        return value

    @field_validator("locales_folder", mode="after")
    @classmethod
    def _locales_are_there(cls, value: Path) -> Path:
        if not (value / "en").is_dir():
            raise ValueError("no such folder")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given by name over the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=FILE)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings.

    Raises `SettingsError`, whose sentence names the setting, what is wrong and what to write instead. The value
    itself is never in it, nor in the errors behind it, since it may be a secret.
    """
    if FILE.exists() and not FILE.is_file():  # a container's mount of a file that is not there makes a folder
        raise _unreadable("settings.file_not_readable", reason=os.strerror(errno.EISDIR))
    try:
        return Settings(**overrides)
    except tomllib.TOMLDecodeError as error:
        problem = _unreadable("settings.file_not_toml", line=_line(error))
    except UnicodeDecodeError:
        problem = _unreadable("settings.file_not_utf8")
    except OSError as error:
        problem = _unreadable("settings.file_not_readable", reason=error.strerror or type(error).__name__)
    except SourceError:
        problem = _unreadable("settings.file_not_readable", reason="SettingsError")
    except ValidationError as error:
        problem = _first_problem(error)
    # Raised out here, so that no error with the value in it hangs on to this one as its context.
    raise problem


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[tuple[str, str | None]]:
    """The variables named TWINCORD_… that no setting reads, each with the one that was probably meant."""
    known = [name.upper() for name in Settings.model_fields]
    named = [key for key in sorted(environment or os.environ) if key.upper().startswith(PREFIX)]
    unknown = [
        (key, key.upper().removeprefix(PREFIX)) for key in named if key.upper().removeprefix(PREFIX) not in known
    ]
    meant = [(key, difflib.get_close_matches(name, known, n=1, cutoff=0.7)) for key, name in unknown]
    return [(key, PREFIX + likeliest[0] if likeliest else None) for key, likeliest in meant]


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _first_problem(error: ValidationError) -> SettingsError:
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = Settings.model_fields.get(name)
    if field is None or field.description is None:
        shown = name if SETTING_NAME.fullmatch(name) else "…"
        known = ", ".join(sorted(Settings.model_fields))
        return SettingsError("settings.unknown", setting=shown, file=str(FILE), known=known)
    return SettingsError(field.description, setting=_place(name))


def _place(name: str) -> str:
    """Where the wrong value was written: the variable where it is set, the file otherwise."""
    in_environment = any(key.upper() == variable(name) and value for key, value in os.environ.items())
    return variable(name) if in_environment else f"{FILE}: {name}"


def _unreadable(message_id: str, **parameters: object) -> SettingsError:
    return SettingsError(message_id, file=str(FILE), **parameters)


def _line(error: tomllib.TOMLDecodeError) -> str:
    """The number of the line: the rest of what the parser says may quote the file, and the token stands in it."""
    found = PLACE_IN_FILE.search(str(error))
    return found[1] if found else "?"
