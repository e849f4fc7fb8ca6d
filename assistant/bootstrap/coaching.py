"""Joins the coach: its storage, its health checks and its briefs."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.bootstrap.assistant import Assistant
from assistant.bootstrap.briefs import Briefs
from assistant.bootstrap.health_checks import HealthChecks
from assistant.settings import Settings
from assistant.storage import Storage


@dataclass(frozen=True, slots=True)
class Coach:
    """What a coach and those coached can do, over one database."""

    checks: HealthChecks
    briefs: Briefs
    storage: Storage

    @classmethod
    def open(cls, settings: Settings, assistant: Assistant) -> Coach:
        """Open the database of the settings; raise ``StorageUnavailable`` if it can't be used."""
        storage = Storage.open(settings.storage_url)
        checks = HealthChecks(settings, assistant, storage)
        return cls(checks, Briefs(settings, assistant, checks), storage)

    def close(self) -> None:
        """Close the database."""
        self.storage.close()
