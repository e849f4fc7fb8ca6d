"""What a question wants: its language, its intent, and the text that stands on its own.

No model is used. The cues are data: ``prompts/understanding.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from assistant.answering.conversation import FollowUpCues, Names, make_standalone
from assistant.answering.reading import unspell
from assistant.domain import (
    USUAL_ROOM,
    Card,
    Expectation,
    Intent,
    Language,
    Manner,
    Query,
    Question,
    SectionRole,
    Turn,
)
from assistant.errors import InvalidTexts

STORY_WORDS, LONG_STORY_WORDS = 14, 28
"""From this many words on, a message is read as a situation: one that asks nothing, one that does."""

_ROOM = {Manner.SHORT: 45, Manner.FULL: 280}

_EITHER = (frozenset({Manner.SHORT, Manner.FULL}), frozenset({Manner.ENGLISH, Manner.DUTCH}))
"""Manners of which an answer can have only one: the one asked for last."""

_SAID_ASIDE = frozenset({Manner.SHORT, Manner.ENGLISH, Manner.DUTCH})
"""Manners whose words say nothing of what is asked."""

LONGEST_OFFERED = 14
"""Words of a question that is offered to be asked next."""

MOST_PARTS, SHORTEST_PART = 4, 4
"""A message is split into at most so many questions, each of at least so many words."""


def _compilable(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: Intent
    pattern: Annotated[str, AfterValidator(_compilable)]
    expects: Expectation | None = None
    courtesy: str | None = None


_Pattern = Annotated[str, AfterValidator(_compilable)]


class _FollowUp(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    opening: _Pattern
    pronoun: _Pattern
    bare: _Pattern
    meaning: _Pattern
    general_names: frozenset[str]
    ordinals: dict[int, _Pattern]


class _Cues(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    spoken: dict[str, str]
    manners: dict[Manner, _Pattern]
    fillers: frozenset[str]
    asking: _Pattern
    greeting: _Pattern
    comparing: _Pattern
    rules: tuple[_Rule, ...]
    roles: dict[SectionRole, _Pattern]
    function_words: dict[Language, frozenset[str]]
    follow_up: _FollowUp


class Understanding:
    """Reads questions by the cues of one file, and knows the names of what the cards are about."""

    def __init__(self, cues: Path, cards: Iterable[Card] = ()) -> None:
        try:
            loaded = _Cues.model_validate(yaml.safe_load(cues.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError, re.error) as error:
            raise InvalidTexts(file=cues.name, key="", reason=str(error)) from error
        self._spoken = loaded.spoken
        self._manners = {
            manner: re.compile(pattern, re.IGNORECASE) for manner, pattern in loaded.manners.items()
        }
        self._fillers = loaded.fillers
        self._asking = re.compile(loaded.asking, re.IGNORECASE)
        self._joint = re.compile(
            rf"(?:,? (?:en|and)|(?<=[?.!])) +(?={loaded.asking})|(?<=\?) +", re.IGNORECASE
        )
        self._comparing = re.compile(loaded.comparing, re.IGNORECASE)
        self._greeting = re.compile(loaded.greeting, re.IGNORECASE)
        self._rules = tuple((rule, re.compile(rule.pattern)) for rule in loaded.rules)
        self._roles = {role: re.compile(pattern) for role, pattern in loaded.roles.items()}
        self._function_words = loaded.function_words
        follow_up = loaded.follow_up
        self._names = Names(
            (name for card in cards for name in (card.title, *card.aliases)), follow_up.general_names
        )
        self._follow_up = FollowUpCues(
            opening=re.compile(follow_up.opening),
            pronoun=re.compile(follow_up.pronoun),
            bare=re.compile(follow_up.bare),
            meaning=re.compile(follow_up.meaning),
            ordinals={
                number: re.compile(pattern, re.IGNORECASE) for number, pattern in follow_up.ordinals.items()
            },
        )

    def understand(self, question: Question) -> Query:
        """Return the question as a query: on its own, with its language, its intent and its manner.

        A message that says nothing but how it wants the answer asks the question before it again.
        """
        manners, says_no_more, typed = self._manners_of(self._written(question.text))
        before = self._question_before(question) if says_no_more else None
        if before is not None:
            asked = self.understand(before)
            manners = _together(asked.manners, manners)
            return replace(asked, manners=manners, room=_room(manners))
        text = make_standalone(typed, question.history, self._follow_up, self._names)
        language = self.language_of(text)
        folded = typed.casefold()
        role = next((role for role, pattern in self._roles.items() if pattern.search(folded)), None)
        query = Query(
            text,
            language,
            Intent.FACT,
            question.filters,
            role=role,
            manners=manners,
            room=_room(manners),
            reader=question.reader,
        )
        rule, sides = self._match(folded)
        is_task = rule is not None and rule.intent is Intent.TASK
        if tells_a_story(folded) and not is_task:
            return replace(query, intent=Intent.SITUATION)
        if not sides and (sides := self._compared(text)):
            return replace(query, intent=Intent.COMPARISON, sides=sides)
        if rule is None:
            return query if text == typed else replace(query, intent=Intent.DEFINITION)
        return replace(query, intent=rule.intent, sides=sides, expects=rule.expects, courtesy=rule.courtesy)

    def split(self, question: Question) -> tuple[Question, ...]:
        """Return the questions of a message that says more than one thing; each leans on those before.

        What it says beside them ("Ik heb het nodig voor een presentatie.") is left out.
        """
        parts = [part.strip() for part in self._joint.split(self._written(question.text))]
        if not 1 < len(parts) <= MOST_PARTS:
            return ()
        asked: list[Question] = []
        for part in filter(self._asks, parts):
            said = tuple(Turn("user", one.text) for one in asked[-1:])
            text = f"{part.rstrip('?.! ')}?"
            asked.append(replace(question, text=text, history=(*question.history, *said)))
        return tuple(asked)

    def _asks(self, part: str) -> bool:
        """Return whether a part of a message is a question long enough to stand by itself."""
        is_question = part.endswith("?") or self._asking.match(part) is not None
        return is_question and len(part.split()) >= SHORTEST_PART

    def questions_of(self, card: Card, language: Language) -> tuple[str, ...]:
        """Return questions that a card answers: its own, or in English how people ask for what it says."""
        if language is Language.DUTCH:
            return card.questions
        phrasings = (one for section in card.sections for one in section.phrasings if one.endswith("?"))
        asked = (one for one in phrasings if len(one.split()) <= LONGEST_OFFERED)
        return tuple(one for one in asked if self.language_of(one) is language)

    def language_of(self, text: str) -> Language:
        """Return English where English function words outnumber the Dutch ones, else Dutch."""
        words = re.findall(r"[^\W\d_]+", text.casefold())
        counts = {
            language: sum(word in vocabulary for word in words)
            for language, vocabulary in self._function_words.items()
        }
        return Language.ENGLISH if counts[Language.ENGLISH] > counts[Language.DUTCH] else Language.DUTCH

    def _written(self, text: str) -> str:
        """Return a message with chat words written out, without a greeting before what it asks."""
        words = [self._spoken.get(word.casefold(), word) for word in unspell(text).split()]
        written = " ".join(words)
        return self._greeting.sub("", written, count=1) or written

    def _manners_of(self, text: str) -> tuple[frozenset[Manner], bool, str]:
        """Return how an answer is wanted, whether the message says nothing else, and what else it says."""
        manners = frozenset(manner for manner, pattern in self._manners.items() if pattern.search(text))
        if not manners:
            return manners, False, text
        rest = asked = text
        for manner in sorted(manners):
            rest = _tidy(self._manners[manner].sub("", rest))
            asked = _tidy(self._manners[manner].sub("", asked)) if manner in _SAID_ASIDE else asked
        says_no_more = self._fillers.issuperset(re.findall(r"\w+", rest.casefold()))
        return manners, says_no_more, text if says_no_more else asked

    def _question_before(self, question: Question) -> Question | None:
        """Return the last thing that was asked in the conversation, courtesies left out."""
        for place in range(len(question.history) - 1, -1, -1):
            turn = question.history[place]
            asked = replace(question, text=turn.content, history=question.history[:place])
            if turn.role == "user" and self.understand(asked).intent is not Intent.SMALL_TALK:
                return asked
        return None

    def _compared(self, text: str) -> tuple[str, ...]:
        """Return the two things that a question names, if it says that it wants both looked at."""
        names = self._names.find(text)
        return tuple(names) if len(names) == 2 and self._comparing.search(text) else ()

    def _match(self, text: str) -> tuple[_Rule | None, tuple[str, ...]]:
        """Return the first rule that fits, and the sides that a comparison names."""
        for rule, pattern in self._rules:
            if match := pattern.search(text):
                groups = match.groupdict()
                return rule, tuple(groups[side].strip() for side in ("a", "b") if groups.get(side))
        return None, ()


def _together(before: frozenset[Manner], asked: frozenset[Manner]) -> frozenset[Manner]:
    """Return the manners of an answer: those asked for, and of those before what they leave standing."""
    replaced = frozenset[Manner]().union(*(either for either in _EITHER if either & asked))
    return (before - replaced) | asked


def _room(manners: frozenset[Manner]) -> int:
    """Return about how many words an answer may have."""
    return next((_ROOM[manner] for manner in sorted(manners) if manner in _ROOM), USUAL_ROOM)


def _tidy(text: str) -> str:
    """Return a text without the spaces and commas that something taken out has left."""
    return re.sub(r"[\s,]+(?=[?.!]|$)", "", " ".join(text.split()))


def tells_a_story(text: str) -> bool:
    """Return whether a message tells what happens to someone, rather than asks what is."""
    is_long = len(text.split()) >= (LONG_STORY_WORDS if "?" in text else STORY_WORDS)
    return is_long and bool(re.search(r"\b(wij|we|onze|ons|ik|mijn|our|us|my)\b", text))
