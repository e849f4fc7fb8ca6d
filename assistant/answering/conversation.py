"""Follow-up questions made to stand on their own, from what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import Turn

ELLIPTIC_WORDS = 12
"""A question with a pronoun and at most this many words leans on the one before."""

LAST = -1
"""The ordinal of the last item."""

_LIST = re.compile(r"(?:^(?:[-*]|\d+\.) +\*\*.+$\n?)+", re.MULTILINE)
_LABEL = re.compile(r"^(?:[-*]|\d+\.) +\*\*(?P<label>[^*]+?)[.:]?\*\*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FollowUpCues:
    """How a question shows that it leans on the conversation."""

    opening: re.Pattern[str]
    """How it begins when it adds to the one before: "en bij funderen?"."""
    pronoun: re.Pattern[str]
    """Words that point at something outside the question."""
    bare: re.Pattern[str]
    """Questions that say nothing by themselves: "waarom?"."""
    meaning: re.Pattern[str]
    """Questions what the answer means: "wat bedoel je daarmee?"."""
    ordinals: Mapping[int, re.Pattern[str]]


class Names:
    """What the cards are about, by every name that they have; finds them in a text."""

    def __init__(self, names: Iterable[str], general: frozenset[str]) -> None:
        longest_first = sorted(
            {name.casefold() for name in names if name}, key=lambda name: (-len(name), name)
        )
        listed = "|".join(map(re.escape, longest_first)) or "(?!)"
        self._pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
        self._general = general

    def find(self, text: str) -> list[str]:
        """Return the names in a text, as they stand there, without general ones."""
        found = [match.group() for match in self._pattern.finditer(text)]
        return list(dict.fromkeys(name for name in found if name.casefold() not in self._general))


def make_standalone(text: str, history: tuple[Turn, ...], cues: FollowUpCues, names: Names) -> str:
    """Return the question with what it leaves unsaid filled in; unchanged if it says it all.

    An ordinal is replaced by the item of the last answer that it points at ("en de tweede?" →
    "en Funderen?"). Another name takes the place of the one before it ("en bij de GABV?" →
    "Wat wil de GABV bereiken?"). A question that says nothing by itself gets the whole question
    before it, any other the subject of that one.
    """
    if not leans_on_history(text, cues) or _counts_something_new(text, history, cues, names):
        return text
    asked = [place for place, turn in enumerate(history) if turn.role == "user"]
    if not asked:
        return text
    if cues.meaning.search(text.casefold()) and (meant := _last_named(history, names)):
        return f"Wat is {meant}?"
    before = make_standalone(history[asked[-1]].content.strip(), history[: asked[-1]], cues, names)
    listed = _name_item(text, history, cues)
    if listed is not None:
        return " ".join([listed, *_subject(listed, before, names)])
    if cues.bare.search(text.casefold()):
        return f"{before} {text}"
    return _exchange(text, before, cues, names) or _add_subject(text, before, names)


def leans_on_history(text: str, cues: FollowUpCues) -> bool:
    """Return whether a question can't be understood without the ones before it."""
    folded = text.casefold()
    if any(cue.search(folded) for cue in (cues.opening, cues.bare, cues.meaning)):
        return True
    if len(re.findall(r"\w+", folded)) > ELLIPTIC_WORDS:
        return False
    is_ordinal = any(pattern.search(folded) for pattern in cues.ordinals.values())
    return is_ordinal or bool(cues.pronoun.search(folded))


def _counts_something_new(text: str, history: tuple[Turn, ...], cues: FollowUpCues, names: Names) -> bool:
    """Return whether an ordinal belongs to what nobody spoke of yet: "Wat was de eerste coöperatie?"."""
    folded = text.casefold()
    if any(cue.search(folded) for cue in (cues.opening, cues.bare, cues.pronoun)):
        return False
    found = [match for pattern in cues.ordinals.values() if (match := pattern.search(text))]
    said = " ".join(turn.content for turn in history).casefold()
    is_new = any(name.casefold() not in said for name in names.find(text))
    return is_new and any(re.match(r" \w", text[match.end() :]) for match in found)


def _exchange(text: str, before: str, cues: FollowUpCues, names: Names) -> str | None:
    """Return the question before with its one name replaced by the one of a follow-up like "en bij …?"."""
    opening = cues.opening.search(text.casefold())
    if opening is None:
        return None
    new, old = names.find(text), names.find(before)
    says_more = len(text[opening.end() :].split()) > len(" ".join(new).split()) + 2
    if len(new) != 1 or len(old) != 1 or says_more:
        return None
    return before.replace(old[0], new[0])


def _add_subject(text: str, before: str, names: Names) -> str:
    """Return the follow-up with what the question before it is about, or else with all of that question."""
    subject = _subject(text, before, names)
    return f"{text} {', '.join(subject)}" if subject else f"{before} {text}"


def _subject(text: str, before: str, names: Names) -> list[str]:
    """Return the names in the question before that a text doesn't hold itself."""
    return [name for name in names.find(before) if name.casefold() not in text.casefold()]


def _last_named(history: tuple[Turn, ...], names: Names) -> str | None:
    """Return the first name of a card in the last answer."""
    answers = [turn.content for turn in history if turn.role == "assistant"]
    return next(iter(names.find(answers[-1])), None) if answers else None


def _name_item(text: str, history: tuple[Turn, ...], cues: FollowUpCues) -> str | None:
    """Return the text with an ordinal replaced by the item that it points at, if there is one.

    The list meant is the first one of the last answer that is long enough.
    """
    answers = [turn.content for turn in history if turn.role == "assistant"]
    lists = [_LABEL.findall(block) for block in _LIST.findall(answers[-1])] if answers else []
    for number, pattern in cues.ordinals.items():
        label = _label(lists, number)
        if label is not None and pattern.search(text):
            return pattern.sub(label, text, count=1)
    return None


def _label(lists: Sequence[Sequence[str]], number: int) -> str | None:
    index = number if number == LAST else number - 1
    return next((labels[index] for labels in lists if len(labels) >= max(2, number)), None)
