"""Follow-up questions made to stand on their own, from what was said before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain import Turn

ELLIPTIC_WORDS = 6
"""A question with a pronoun and at most this many words leans on the one before."""

_ITEM = re.compile(r"^(?:[-*]|\d+\.) +\*\*(?P<label>[^*]+?)[.:]?\*\*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FollowUpCues:
    """How a question shows that it leans on the conversation."""

    opening: re.Pattern[str]
    pronouns: frozenset[str]
    bare: re.Pattern[str]
    ordinals: Mapping[int, re.Pattern[str]]


def make_standalone(text: str, history: tuple[Turn, ...], cues: FollowUpCues) -> str:
    """Return the question with what it leaves unsaid filled in; unchanged if it says it all.

    An ordinal names an item of the last answer ("en de tweede?" → "Funderen"); any other
    follow-up is put behind the question before it, so that its subject is searched too.
    """
    if not leans_on_history(text, cues):
        return text
    item = _named_item(text, history, cues)
    if item:
        return f"{item}: {text}"
    asked = [turn.content for turn in history if turn.role == "user"]
    return f"{asked[-1].strip()} {text}" if asked else text


def leans_on_history(text: str, cues: FollowUpCues) -> bool:
    """Return whether a question can't be understood without the ones before it."""
    folded = text.casefold()
    words = re.findall(r"\w+", folded)
    if cues.opening.search(folded) or cues.bare.search(folded):
        return True
    if len(words) > ELLIPTIC_WORDS:
        return False
    is_ordinal = any(pattern.search(folded) for pattern in cues.ordinals.values())
    return is_ordinal or bool(cues.pronouns.intersection(words))


def _named_item(text: str, history: tuple[Turn, ...], cues: FollowUpCues) -> str | None:
    answers = [turn.content for turn in history if turn.role == "assistant"]
    labels = _ITEM.findall(answers[-1]) if answers else []
    for number, pattern in cues.ordinals.items():
        if pattern.search(text.casefold()) and number <= len(labels):
            return str(labels[number - 1])
    return None
