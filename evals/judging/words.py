"""The judge that needs no model."""

from __future__ import annotations

from collections.abc import Sequence

from evals.items import Nugget
from evals.judging.nuggets import found
from evals.judging.support import WordSupport
from evals.judging.verdicts import Support


class WordJudge:
    """Judges nuggets by the words that their author wrote down, and support by shared wording."""

    name = "words"

    def __init__(self, support: WordSupport) -> None:
        self._support = support

    def holds(self, nugget: Nugget, answer: str) -> bool:
        """Tell whether a nugget is in an answer in Markdown."""
        return bool(found([nugget], answer))

    def supports(self, claim: str, quotes: Sequence[str]) -> Support:
        """Tell how far quotes support a claim."""
        return self._support.judge(claim, quotes)
