"""The settings: the only reader of the environment; frozen once read."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import ConfigurationError, MissingFolder, MissingSetting, UnknownSetting

PREFIX = "ASSISTANT_"


def _resources() -> Path:
    """Return the folder with ``corpus`` and ``prompts``: in the package when installed, else the checkout."""
    package = Path(__file__).parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent


def default_prompts() -> Path:
    """Return the folder with the texts for readers."""
    return _resources() / "prompts"


class Settings(BaseSettings):
    """Everything that an operator can choose; each field is ``ASSISTANT_<NAME>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    data: Path = Field(default_factory=lambda: user_data_path("alliantie-assistent", appauthor=False))
    originals: Path | None = None
    corpus: Path = Field(default_factory=lambda: _resources() / "corpus")
    prompts: Path = Field(default_factory=default_prompts)
    embedding: str = "onnx"
    embedding_model: str | None = None
    reranker: str | None = Field(default=None, min_length=1)
    max_question_length: int = Field(default=2000, ge=1)
    database_url: str | None = Field(default=None, pattern=r"^(sqlite|postgresql)(\+\w+)?://")
    chroma_url: str | None = Field(
        default=None, pattern=r"^https?://[^/\s@?#]+/?$", description="Chroma server that holds the vectors"
    )
    retention_days: int | None = Field(default=None, ge=1)
    hosts: str | None = Field(default=None, description="Names of this server, with commas between")
    proxies: str | None = Field(default=None, description="Proxies that are trusted, likewise")
    rate: str = Field(
        default="120/minute", description="Requests of one key, as the ``limits`` package has it"
    )
    daily_questions: int | None = Field(default=None, ge=1, description="Questions of one key in a day")
    limits_url: str = Field(default="memory://", pattern=r"^(memory|rediss?)://")
    grace_seconds: int = Field(default=5, ge=0, description="What requests get to end when serving stops")
    log_format: Literal["text", "json"] = "text"
    log_texts: bool = Field(default=False, description="Whether logs hold questions and answers")
    otlp_url: str | None = Field(default=None, pattern=r"^https?://[^/\s]+")
    check_key: str | None = Field(default=None, repr=False, description="Health check that MCP shows")
    portfolio_key: str | None = Field(default=None, repr=False, description="Portfolio shown likewise")
    model: str | None = Field(default=None, min_length=1)
    model_base_url: str | None = Field(default=None, pattern=r"^https?://[^/\s]+")
    model_timeout: float = Field(default=20.0, gt=0)

    @field_validator("originals", "chroma_url", mode="before")
    @classmethod
    def _no_name_is_nothing(cls, value: object) -> object:
        return value or None  # Else an empty variable would mean the folder that somebody happens to be in.

    @property
    def originals_folder(self) -> Path | None:
        """The folder with originals, named or else ``corpus/originals``; ``None`` if it holds no text."""
        folder = self.originals or self.corpus / "originals"
        return folder if any(folder.glob("*.txt")) else None

    @property
    def index_folder(self) -> Path:
        """Where the versions of the index live."""
        return self.data / "index"

    @property
    def engine_folder(self) -> Path:
        """Where an embedding engine keeps what it makes once."""
        return self.data / "engines"

    @property
    def storage_url(self) -> str:
        """The database of health checks: the one that is named, or else a file in the data folder."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """Where the database is if none is named."""
        return self.data.resolve() / "assistant.db"

    def as_environment(self) -> dict[str, str]:
        """Return the environment in which another process reads these same settings."""
        chosen = {
            PREFIX + name.upper(): str(value)
            for name, value in self.model_dump().items()
            if value is not None
        }
        return {**os.environ, **chosen}


def read_settings(**flags: Any) -> Settings:
    """Read the settings from flags, then the environment; ``None`` means that a flag wasn't given.

    Raises ``ConfigurationError`` for a name that we don't know, a value that doesn't fit, or a
    named folder that isn't there, or an address of a model without the model.
    """
    _refuse_unknown_names()
    try:
        settings = Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise ConfigurationError(setting=name, value=str(first["input"])) from error
    if settings.originals is not None and not settings.originals.is_dir():
        raise MissingFolder(setting=f"{PREFIX}ORIGINALS", value=str(settings.originals))
    if settings.model_base_url is not None and settings.model is None:
        raise MissingSetting(setting=f"{PREFIX}MODEL", because=f"{PREFIX}MODEL_BASE_URL")
    return settings


def can_show_a_page() -> bool:
    """Return whether a browser window can open here: always, except on a Linux without a display."""
    return (
        os.name == "nt"
        or os.uname().sysname == "Darwin"
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )


def _refuse_unknown_names() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.0)
            raise UnknownSetting(setting=name, near=near[0])
