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

    An ordinal is replaced by the item of the last answer that it points at ("en de tweede?" →
    "en Funderen?"); any other follow-up is put behind the question before it, itself made to
    stand on its own, so that its subject is searched too.
    """
    if not leans_on_history(text, cues):
        return text
    named = _name_item(text, history, cues)
    if named is not None:
        return named
    asked = [place for place, turn in enumerate(history) if turn.role == "user"]
    if not asked:
        return text
    before = make_standalone(history[asked[-1]].content.strip(), history[: asked[-1]], cues)
    return f"{before} {text}"


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


def _name_item(text: str, history: tuple[Turn, ...], cues: FollowUpCues) -> str | None:
    """Return the text with an ordinal replaced by the item that it points at, if there is one."""
    answers = [turn.content for turn in history if turn.role == "assistant"]
    labels = _ITEM.findall(answers[-1]) if answers else []
    for number, pattern in cues.ordinals.items():
        if number <= len(labels) and pattern.search(text):
            return pattern.sub(str(labels[number - 1]), text, count=1)
    return None
