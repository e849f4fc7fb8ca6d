"""What a coach can draw on: interventions, questions per party and the agenda of a first session.

They are read from ``corpus/coaching``, with what each suits: paradoxes (and which side prevails),
phases and conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assistant.coach.cites import Cites
from assistant.coach.yaml_files import YamlFile
from assistant.domain import AgendaBlock, Card, CardKind, CitedText, Intervention, card_id_of

Side = Literal["left", "right", "both"]
"""The pole of a paradox that prevails, in the order of the card's title; or either."""

PLACEHOLDERS = frozenset({"hypothese", "interventie"})
"""What a block of the agenda may leave to be filled in."""


@dataclass(frozen=True, slots=True)
class Suits:
    """What something suits, by the ids of cards and of conditions."""

    paradoxes: Mapping[str, Side]
    phases: frozenset[str]
    conditions: frozenset[str]
    told: frozenset[str] = frozenset()
    """Ids of statements of which one must be told, or its card suspected; if empty, it always may serve."""

    def is_called_for(self, told: Collection[str], suspected: Collection[str]) -> bool:
        """Return whether what was told, or the cards that are suspected, call for it at all."""
        return not self.told or any(id_ in told or card_id_of(id_) in suspected for id_ in self.told)


@dataclass(frozen=True, slots=True)
class Method:
    """An intervention and what it suits."""

    intervention: Intervention
    suits: Suits


@dataclass(frozen=True, slots=True)
class PartyQuestion:
    """A question for one of the parties, and what it suits."""

    id: str
    party: str
    question: CitedText
    suits: Suits


@dataclass(frozen=True, slots=True)
class Repertoire:
    """All that a brief chooses from, in the order of the files."""

    methods: tuple[Method, ...]
    questions: tuple[PartyQuestion, ...]
    agenda: tuple[AgendaBlock, ...]
    """The texts still have their placeholders."""


def read_repertoire(folder: Path, cards: Mapping[str, Card], conditions: Collection[str]) -> Repertoire:
    """Read ``interventions.yaml``, ``questions.yaml`` and ``agenda.yaml`` from a folder.

    Every mistake, a cite that names no statement too, is an ``InvalidQuestionnaire`` with file and line.
    """
    reader = _Reader(cards, frozenset(conditions))
    return Repertoire(
        methods=reader.read(folder / "interventions.yaml", _METHODS, reader.method),
        questions=reader.read(folder / "questions.yaml", _QUESTIONS, reader.question),
        agenda=reader.read(folder / "agenda.yaml", _AGENDA, reader.block),
    )


# ── What the files hold ──────────────────────────────────────────────────────


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_min_length=1)


class _Text(_Strict):
    text: str
    cites: tuple[str, ...] = ()


class _MethodSuits(_Strict):
    paradoxes: dict[str, Side] = {}
    phases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


class _QuestionSuits(_Strict):
    paradoxes: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


class _Entry(_Strict):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")


class _Method(_Entry):
    title: str
    aim: _Text
    suits: _MethodSuits
    takes: str
    group: str
    steps: tuple[_Text, ...] = Field(min_length=1)
    risks: tuple[_Text, ...] = Field(min_length=1)
    not_when: _Text
    sign: _Text


class _Question(_Entry):
    party: str
    text: str
    suits: _QuestionSuits
    cites: tuple[str, ...] = Field(min_length=1)


class _Block(_Entry):
    title: str
    minutes: int = Field(gt=0)
    text: str
    cites: tuple[str, ...] = ()


_METHODS = TypeAdapter(list[_Method])
_QUESTIONS = TypeAdapter(list[_Question])
_AGENDA = TypeAdapter(list[_Block])

_E = TypeVar("_E", bound=_Entry)
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes values of entries; what it can't make is a ``ValueError`` with the reason."""

    cards: Mapping[str, Card]
    conditions: frozenset[str]

    def read(self, path: Path, shape: TypeAdapter[list[_E]], make: Callable[[_E], _V]) -> tuple[_V, ...]:
        """Read a file and make a value of each entry; say where the first mistake is."""
        file = YamlFile.read(path)
        entries = file.parse(shape)
        if not entries:
            raise file.mistake("there is nothing in it")
        values: list[_V] = []
        seen: set[str] = set()
        for position, entry in enumerate(entries):
            if entry.id in seen:
                raise file.mistake(f"the id '{entry.id}' occurs twice", position)
            seen.add(entry.id)
            try:
                values.append(make(entry))
            except ValueError as error:
                raise file.mistake(f"{entry.id}: {error}", position) from error
        return tuple(values)

    def method(self, entry: _Method) -> Method:
        """Make a method, with the statements that its texts cite."""
        intervention = Intervention(
            id=entry.id,
            title=entry.title,
            aim=self._cited(entry.aim),
            takes=entry.takes,
            group=entry.group,
            steps=tuple(map(self._cited, entry.steps)),
            risks=tuple(map(self._cited, entry.risks)),
            not_when=self._cited(entry.not_when),
            sign=self._cited(entry.sign),
        )
        suits = entry.suits
        return Method(intervention, self._suits(suits, suits.paradoxes))

    def question(self, entry: _Question) -> PartyQuestion:
        """Make a question for a party."""
        suits = entry.suits
        sides: dict[str, Side] = dict.fromkeys(suits.paradoxes, "both")
        question = CitedText(entry.text, self._statements(entry.cites))
        return PartyQuestion(entry.id, entry.party, question, self._suits(suits, sides))

    def block(self, entry: _Block) -> AgendaBlock:
        """Make a block of the agenda, whose placeholders are known."""
        for _, name, form, _ in Formatter().parse(entry.text):
            if name is not None and (name not in PLACEHOLDERS or form):
                raise ValueError(f"there's no placeholder '{name}'")
        return AgendaBlock(entry.title, entry.minutes, CitedText(entry.text, self._statements(entry.cites)))

    def _cited(self, entry: _Text) -> CitedText:
        return CitedText(entry.text, self._statements(entry.cites))

    def _statements(self, cites: Iterable[str]) -> tuple[str, ...]:
        resolve = Cites(self.cards).resolve
        return tuple(resolve(cite) for cite in cites)

    def _suits(self, suits: _MethodSuits | _QuestionSuits, paradoxes: Mapping[str, Side]) -> Suits:
        self._require(CardKind.PARADOX, paradoxes)
        self._require(CardKind.PHASE, suits.phases)
        for condition in suits.conditions:
            if condition not in self.conditions:
                raise ValueError(f"there's no condition '{condition}'")
        told = frozenset(self._statements(suits.told))
        return Suits(paradoxes, frozenset(suits.phases), frozenset(suits.conditions), told)

    def _require(self, kind: CardKind, ids: Iterable[str]) -> None:
        for id_ in ids:
            if id_ not in self.cards or self.cards[id_].kind is not kind:
                raise ValueError(f"there's no card '{id_}' of the kind '{kind}'")
