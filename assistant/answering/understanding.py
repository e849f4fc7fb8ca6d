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
from assistant.domain import Card, Expectation, Intent, Language, Query, Question, SectionRole
from assistant.errors import InvalidTexts

STORY_WORDS, LONG_STORY_WORDS = 14, 28
"""From this many words on, a message is read as a situation: one that asks nothing, one that does."""


def _compilable(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: Intent
    pattern: Annotated[str, AfterValidator(_compilable)]
    expects: Expectation | None = None
    courtesy: str | None = None


class _FollowUp(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    opening: Annotated[str, AfterValidator(_compilable)]
    pronoun: Annotated[str, AfterValidator(_compilable)]
    bare: Annotated[str, AfterValidator(_compilable)]
    general_names: frozenset[str]
    ordinals: dict[int, Annotated[str, AfterValidator(_compilable)]]


class _Cues(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[_Rule, ...]
    roles: dict[SectionRole, Annotated[str, AfterValidator(_compilable)]]
    function_words: dict[Language, frozenset[str]]
    follow_up: _FollowUp


class Understanding:
    """Reads questions by the cues of one file, and knows the names of what the cards are about."""

    def __init__(self, cues: Path, cards: Iterable[Card] = ()) -> None:
        try:
            loaded = _Cues.model_validate(yaml.safe_load(cues.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError, re.error) as error:
            raise InvalidTexts(file=cues.name, key="", reason=str(error)) from error
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
            ordinals={
                number: re.compile(pattern, re.IGNORECASE) for number, pattern in follow_up.ordinals.items()
            },
        )

    def understand(self, question: Question) -> Query:
        """Return the question as a query: on its own, with its language and intent."""
        typed = " ".join(question.text.split())
        text = make_standalone(typed, question.history, self._follow_up, self._names)
        language = self.language_of(text)
        folded = typed.casefold()
        role = next((role for role, pattern in self._roles.items() if pattern.search(folded)), None)
        query = Query(text, language, Intent.FACT, question.filters, role=role)
        if tells_a_story(folded):
            return replace(query, intent=Intent.SITUATION)
        rule, sides = self._match(folded)
        if rule is None:
            return query if text == typed else replace(query, intent=Intent.DEFINITION)
        return replace(query, intent=rule.intent, sides=sides, expects=rule.expects, courtesy=rule.courtesy)

    def language_of(self, text: str) -> Language:
        """Return English where English function words outnumber the Dutch ones, else Dutch."""
        words = re.findall(r"[^\W\d_]+", text.casefold())
        counts = {
            language: sum(word in vocabulary for word in words)
            for language, vocabulary in self._function_words.items()
        }
        return Language.ENGLISH if counts[Language.ENGLISH] > counts[Language.DUTCH] else Language.DUTCH

    def _match(self, text: str) -> tuple[_Rule | None, tuple[str, ...]]:
        """Return the first rule that fits, and the sides that a comparison names."""
        for rule, pattern in self._rules:
            if match := pattern.search(text):
                groups = match.groupdict()
                return rule, tuple(groups[side].strip() for side in ("a", "b") if groups.get(side))
        return None, ()


def tells_a_story(text: str) -> bool:
    """Return whether a message tells what happens to someone, rather than asks what is."""
    is_long = len(text.split()) >= (LONG_STORY_WORDS if "?" in text else STORY_WORDS)
    return is_long and bool(re.search(r"\b(wij|we|onze|ons|ik|mijn|our|us|my)\b", text))
