"""The settings: environment `TWINCORD_*` over `twincord.toml` over defaults.

Nothing is read on import: `load_settings` is called once, by the composition root.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
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
Language = Literal["en", "fr", "es"]


class Settings(BaseSettings):
    """Everything an administrator may set. Frozen; secrets never show in a `repr`.

    The descriptions are the ids of the sentences that say what is wrong and what to write.
    """

    model_config = SettingsConfigDict(
        env_prefix="TWINCORD_",
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
    topics_file: Path = Field(default=FOLDER / "topics.csv", description="settings.wrong_topics_file")
    locales_folder: Path = Field(default=FOLDER / "locales", description="settings.wrong_locales_folder")

    @field_validator("token", mode="after")
    @classmethod
    def _token_is_one_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        secret = value.get_secret_value().strip()
        if not secret:
            return None
        if not secret.isascii() or any(character.isspace() for character in secret):
            raise ValueError("not a token")
        return SecretStr(secret)

    @field_validator("database_url", mode="after")
    @classmethod
    def _database_is_known(cls, value: SecretStr) -> SecretStr:
        scheme, separator, _ = value.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
            raise ValueError("not a database URL")
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

    Raises `SettingsError`, whose sentence names the setting, what is wrong and what to write instead; the value
    itself is never in it, since it may be a secret.
    """
    try:
        return Settings(**overrides)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("settings.file_unreadable", file=str(FILE), reason=str(error)) from None
    except SourceError as error:
        raise SettingsError("settings.file_unreadable", file=str(FILE), reason=str(error)) from None
    except ValidationError as error:
        raise _first_problem(error) from None


def _first_problem(error: ValidationError) -> SettingsError:
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else "?"
    if problem["type"] == "extra_forbidden" or name not in Settings.model_fields:
        return SettingsError(
            "settings.unknown", setting=name, file=str(FILE), known=", ".join(sorted(Settings.model_fields))
        )
    description = Settings.model_fields[name].description or "settings.wrong_something_else"
    return SettingsError("settings.wrong", setting=name, variable=f"TWINCORD_{name.upper()}", advice_id=description)
