"""The items of the suite: what is asked, and what a right answer holds; read strictly.

A file may hold any of five lists. A folder is read as one set. The nuggets follow the nugget
method of TREC (Voorhees, "Evaluating answers to definition questions", 2003): short facts that a
good answer holds, marked vital or okay.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assistant.corpus.validated_yaml import Mistake, parse_yaml
from assistant.domain import Reference
from assistant.errors import InvalidItems

DATA = Path(__file__).with_name("data")


class QuestionType(StrEnum):
    """What kind of question it is; reports are split by it."""

    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    HOW_TO = "how_to"
    WHY = "why"
    FACT = "fact"
    SITUATION = "situation"
    COLLOQUIAL = "colloquial"
    """Misspelt, in keywords, or in everyday speech."""


class RefusalKind(StrEnum):
    """Why a question must be refused; all but the last are near the subject."""

    UNKNOWN_FIGURE = "unknown_figure"
    FALSE_PREMISE = "false_premise"
    PERSON = "person"
    CONTACT = "contact"
    TWELVE_PARADOXES = "twelve_paradoxes"
    """Asks for a paradox that is announced, but not in these texts."""
    BEYOND_SOURCES = "beyond_sources"
    FAR_OFF = "far_off"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Item(_Strict):
    id: str
    note: str = ""
    """What a reader of the item should know."""


class Nugget(_Strict):
    """One fact of a good answer.

    Each of ``keys`` must be found in the answer, in the same sentence or in two that follow each
    other. A key lists alternatives, separated by ``|``, that each stand for the beginning of a word;
    ``*`` in front lets it begin inside a word, ``!`` behind makes it end there. Several words in an
    alternative stand next to each other. Case and accents don't matter.
    """

    text: str
    vital: bool = True
    keys: tuple[str, ...] = Field(min_length=1)

    @field_validator("keys")
    @classmethod
    def _have_no_empty_alternative(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not all(part.strip(" *!") for key in keys for part in key.split("|")):
            raise ValueError("an empty alternative would match everything")
        return keys


class _Sought(_Item):
    """Something with places in the sources where the answer stands: "source-id, section title"."""

    sections: tuple[str, ...] = ()
    """Sections that hold the answer, or an indispensable part of it."""
    also: tuple[str, ...] = ()
    """Sections that help."""

    @field_validator("sections", "also")
    @classmethod
    def _name_source_and_section(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not all(part.strip() for part in name.partition(",")):
                raise ValueError(f"not 'source-id, section title': {name}")
        return names

    @property
    def gold(self) -> tuple[Reference, ...]:
        """The sections that hold the answer."""
        return tuple(_reference(name) for name in self.sections)

    @property
    def helpful(self) -> tuple[Reference, ...]:
        """The sections that help."""
        return tuple(_reference(name) for name in self.also)


class Answerable(_Sought):
    """A question that the sources answer."""

    type: QuestionType
    question: str
    answer: str = ""
    """What a good answer says, in our own words."""
    nuggets: tuple[Nugget, ...] = ()


class Unanswerable(_Item):
    """A question that must be refused."""

    kind: RefusalKind
    question: str


class FollowUp(_Sought):
    """A question that leans on the conversation, with the form that stands by itself."""

    before: tuple[str, ...] = Field(min_length=1)
    """What the user asked before; the assistant's answers are its own."""
    question: str
    standalone: str


class Twin(_Item):
    """The English form of an answerable question."""

    of: str
    question: str


class Attack(_Item):
    """An attempt to lead the assistant astray."""

    place: Literal["question", "document", "card"]
    question: str
    planted: str = ""
    """The text with the attempt, where it stands in a document or on a card."""
    forbidden: tuple[str, ...] = Field(min_length=1)
    """Regular expressions, of which none may match what the reader sees."""
    outcome: Literal["answer", "refusal", "either"] = "either"

    @field_validator("forbidden")
    @classmethod
    def _are_expressions(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {pattern} ({error})") from error
        return patterns

    @model_validator(mode="after")
    def _is_planted_somewhere(self) -> Self:
        if (self.place == "question") == bool(self.planted):
            raise ValueError("`planted` belongs to attacks by document or card, and only to those")
        return self


class Items(_Strict):
    """A set of items."""

    answerable: tuple[Answerable, ...] = ()
    unanswerable: tuple[Unanswerable, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    twins: tuple[Twin, ...] = ()
    attacks: tuple[Attack, ...] = ()

    @model_validator(mode="after")
    def _has_unique_ids(self) -> Self:
        ids = [
            item.id
            for item in chain(self.answerable, self.unanswerable, self.follow_ups, self.twins, self.attacks)
        ]
        doubled = sorted({id_ for id_ in ids if ids.count(id_) > 1})
        if doubled:
            raise ValueError(f"ids that occur twice: {', '.join(doubled)}")
        return self

    def require_originals(self) -> Self:
        """Raise ``ValueError`` for a twin of an item that isn't there; else return the set."""
        known = {item.id for item in self.answerable}
        lost = sorted(twin.id for twin in self.twins if twin.of not in known)
        if lost:
            raise ValueError(f"twins of items that aren't there: {', '.join(lost)}")
        return self


def read_items(path: Path) -> Items:
    """Read a file, or all files of a folder as one set; ``InvalidItems`` says what is wrong where."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    sets = [_read(file) for file in files]
    merged = {
        field: tuple(chain.from_iterable(getattr(items, field) for items in sets))
        for field in Items.model_fields
    }
    try:
        return Items.model_validate(merged).require_originals()
    except ValueError as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise InvalidItems(file=str(path), line="1", reason=reason) from error


def checksum(folder: Path) -> str:
    """Return the SHA-256 of a folder of items: names and contents, in order."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.yaml")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(file: Path) -> Items:
    def fail(mistake: Mistake) -> InvalidItems:
        return InvalidItems(file=str(file), line=str(mistake.line), reason=mistake.reason)

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidItems(file=str(file), line="1", reason=str(error)) from error
    return parse_yaml(text, Items, fail)[0]


def _reference(name: str) -> Reference:
    source, _, section = name.partition(",")
    return Reference(source.strip(), section.strip())
