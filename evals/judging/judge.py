"""What a judge of answers can say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from evals.items import Nugget
from evals.judging.verdicts import Support


class Judge(Protocol):
    """Reads answers: by words, or with a model."""

    @property
    def name(self) -> str:
        """How a report names it."""

    def holds(self, nugget: Nugget, answer: str) -> bool:
        """Tell whether a nugget is in an answer in Markdown."""

    def supports(self, claim: str, quotes: Sequence[str]) -> Support:
        """Tell how far quotes support a claim."""
