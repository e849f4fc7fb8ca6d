"""What shows, in a told story, that a statement of a card is at issue; and what one would expect to hear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assistant.coach.cites import Cites
from assistant.coach.yaml_files import YamlFile
from assistant.domain import Card


@dataclass(frozen=True, slots=True)
class Sign:
    """How a statement shows in a story."""

    words: tuple[tuple[str, ...], ...]
    """Beginnings of words; those of one group must all be in the same sentence."""
    expected: str | None
    """What one would expect to be told if its card fits, as half a sentence."""

    def shows_in(self, sentence: str) -> bool:
        """Return whether a sentence holds all words of a group."""
        return any(all(_holds(sentence, word) for word in group) for group in self.words)


def read_signs(path: Path, cards: Mapping[str, Card]) -> Mapping[str, Sign]:
    """Read the signs by statement id; a wrong cite or a second entry is an ``InvalidQuestionnaire``."""
    file = YamlFile.read(path)
    resolve = Cites(cards).resolve
    signs: dict[str, Sign] = {}
    entries = file.parse(_SHAPE)
    for position, entry in enumerate(entries):
        try:
            id_ = resolve(entry.cite)
        except ValueError as error:
            raise file.mistake(str(error), position) from error
        if id_ in signs:
            raise file.mistake(f"the statement '{entry.cite}' occurs twice", position)
        groups = tuple(tuple(word.strip() for word in sign.split("+")) for sign in entry.signs)
        signs[id_] = Sign(groups, entry.expected)
    return signs


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_min_length=1)

    cite: str
    signs: tuple[str, ...] = Field(min_length=1)
    expected: str | None = None


_SHAPE: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])


def _holds(sentence: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", sentence, re.IGNORECASE) is not None
