"""How fast somebody may ask on the page: fast enough for people, too slow to keep others waiting."""

from __future__ import annotations

import hashlib
from typing import Protocol

from assistant.surfaces.access.limiting import Counter, read_rate

ALLOWANCE = "20/minute"
"""Questions of one visitor; in the notation of the ``limits`` package."""


class Pacing(Protocol):
    """Says when somebody asks too fast."""

    def admit(self, who: str) -> None:
        """Count a question; raise ``TooManyQuestions`` if there have been too many."""
        ...


class Pace:
    """Counts the questions of each visitor."""

    def __init__(self, allowance: str = ALLOWANCE, counter: Counter | None = None) -> None:
        """``counter`` keeps count; without one, this pace counts for itself."""
        self._counter, self._allowance = counter or Counter(), read_rate(allowance)

    def admit(self, who: str) -> None:
        """Count a question; raise ``TooManyQuestions`` if there have been too many."""
        # By the name of a visitor, one's conversations can be opened: that is for nobody to read.
        name = hashlib.sha256(who.encode()).hexdigest()
        self._counter.hit(self._allowance, "pagina", name).require()
