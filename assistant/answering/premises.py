"""What a question takes for granted and the sources don't bear out: how many there are, and who says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.numerals import numbers_in
from assistant.answering.selecting import Selection
from assistant.domain import CheckedClaim, Intent, Source

MOST_COUNTED = 12
"""Numbers above this are figures, not how many items a list has."""

SHORTEST_NOUN = 5
"""Letters of what is counted; what is shorter is a word like "naar"."""

BEGINNING = 4
"""Letters by which a counted word is known in a list's lead."""


def find_miscount(selection: Selection, claims: Sequence[CheckedClaim]) -> str | None:
    """Return the number and what it counts, as typed ("vijf fasen"), if the sources count otherwise.

    The answer has a list of those things then, and neither that list nor any other is of that length.
    """
    if selection.query.intent is Intent.SITUATION:
        return None
    said = frozenset[str]().union(*(numbers_in(checked.claim.text) for checked in claims))
    answered = _beginnings(" ".join(checked.claim.text for checked in claims))
    for counted in _counted(selection.query.text):
        wanted = _beginnings(counted.noun)
        lengths = set(_lengths(wanted, selection))
        is_said = str(abs(counted.number)) in said or not wanted & answered
        if lengths and not is_said and not _fits(counted.number, lengths):
            return counted.text
    return None


def counts_others(question: str, lead: str) -> bool:
    """Return whether a list has as many items as a question counts, but of something else.

    "vier paradoxen" and "Er zijn vier manieren": the number is the same, what is counted isn't.
    """
    asked = {counted.number: _beginnings(counted.noun) for counted in _counted(question)}
    listed = [counted for counted in _counted(lead) if counted.number in asked]
    return any(not asked[counted.number] & _beginnings(counted.text) for counted in listed)


def find_other_sources(
    text: str, claims: Sequence[CheckedClaim], sources: Iterable[Source]
) -> tuple[str, ...]:
    """Return the labels of what an answer rests on, if the question names an author who isn't among them."""
    known = list(sources)
    named = {source.id for source in known if _is_named(source, text)}
    cited = {citation.evidence.source_id for checked in claims for citation in checked.citations}
    if not named or not cited or named & cited:
        return ()
    return tuple(source.label for source in known if source.id in cited)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number from 2 to 12 and what it counts; negative for an ordinal ("derde rol" is -3)."""

    number: int
    noun: str
    text: str


@lru_cache(maxsize=2048)
def _counted(text: str) -> tuple[_Counted, ...]:
    return tuple(_count(text))


def _count(text: str) -> Iterator[_Counted]:
    words = re.findall(r"[^\W_]+", text)
    for place, word in enumerate(words[:-1]):
        number = _small(word)
        if number is None:
            continue
        is_adjective = words[place + 1].endswith("e") and place + 2 < len(words)
        end = place + (2 if is_adjective else 1)
        if len(words[end]) >= SHORTEST_NOUN:
            yield _Counted(number, words[end], " ".join(words[place : end + 1]))


def _small(word: str) -> int | None:
    for number in numbers_in(word):
        digits = number.removesuffix("e")
        if digits.isdigit() and 1 < int(digits) <= MOST_COUNTED:
            return -int(digits) if number.endswith("e") else int(digits)
    return None


def _fits(number: int, lengths: set[int]) -> bool:
    return number in lengths if number > 0 else max(lengths) >= -number


def _lengths(wanted: frozenset[str], selection: Selection) -> Iterator[int]:
    """Yield how long each list of those things is, and how long its lead says it is."""
    for _, section, _ in selection.sections:
        lead = section.statements[0].text
        items = sum(statement.is_item for statement in section.statements)
        if items and wanted & _beginnings(lead):
            yield items
            yield from (int(said) for said in numbers_in(lead) if said.isdigit())


def _beginnings(text: str) -> frozenset[str]:
    """Return how the words of a text begin, so that "fases" and "fasen" are the same."""
    return frozenset(word[:BEGINNING] for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))


def _is_named(source: Source, text: str) -> bool:
    names = (author if author == source.label else author.split()[-1] for author in source.authors)
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)
