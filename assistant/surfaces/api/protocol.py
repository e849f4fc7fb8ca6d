"""What the API asks of an assistant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from assistant.domain import Catalogue, Event, Question, Status


class Answering(Protocol):
    """Answers questions from a published catalogue."""

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield what is found, then checked claims, then one outcome; raise ``AssistantError``."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """Return what answers rest on; raise ``IndexUnavailable`` when nothing is published."""
        ...

    def status(self) -> Status:
        """Return what can be answered at this moment."""
        ...
