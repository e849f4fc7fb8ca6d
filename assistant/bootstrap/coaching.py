"""Joins the coach: its storage, its health checks and its briefs."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.prompts import Texts
from assistant.bootstrap.assistant import Assistant
from assistant.bootstrap.briefs import Briefs
from assistant.bootstrap.curating import read_corpus
from assistant.bootstrap.health_checks import HealthChecks
from assistant.coach.briefing import read_toolbox
from assistant.coach.questionnaire import read_questionnaire
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


def check_coaching(settings: Settings) -> None:
    """Read all that the coach goes by, against the cards; raise ``InvalidQuestionnaire`` for a mistake.

    A corpus without these files has no coach, and nothing to check.
    """
    if not (settings.corpus / "health_check").is_dir():
        return
    catalogue = read_corpus(settings)
    asked = read_questionnaire(settings.corpus / "health_check", catalogue.cards).questionnaire
    wording = Texts.read(settings.prompts / "brief.yaml")
    read_toolbox(settings.corpus / "coaching", catalogue, [one.id for one in asked.conditions], wording)
