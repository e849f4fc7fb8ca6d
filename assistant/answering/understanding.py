"""What a question wants: its language, its intent, and the text that stands on its own.

No model is used. The cues are data: ``prompts/understanding.yaml``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from assistant.answering.conversation import FollowUpCues, make_standalone
from assistant.domain import Expectation, Intent, Language, Query, Question, SectionRole
from assistant.errors import InvalidTexts

STORY_WORDS = 14
"""From this many words on, a message that asks nothing is read as a situation."""


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
    pronouns: frozenset[str]
    bare: Annotated[str, AfterValidator(_compilable)]
    ordinals: dict[int, Annotated[str, AfterValidator(_compilable)]]


class _Cues(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[_Rule, ...]
    roles: dict[SectionRole, Annotated[str, AfterValidator(_compilable)]]
    function_words: dict[Language, frozenset[str]]
    follow_up: _FollowUp


class Understanding:
    """Reads questions by the cues of one file."""

    def __init__(self, cues: Path) -> None:
        try:
            loaded = _Cues.model_validate(yaml.safe_load(cues.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError, re.error) as error:
            raise InvalidTexts(file=cues.name, key="", reason=str(error)) from error
        self._rules = tuple((rule, re.compile(rule.pattern)) for rule in loaded.rules)
        self._roles = {role: re.compile(pattern) for role, pattern in loaded.roles.items()}
        self._function_words = loaded.function_words
        follow_up = loaded.follow_up
        self._follow_up = FollowUpCues(
            opening=re.compile(follow_up.opening),
            pronouns=follow_up.pronouns,
            bare=re.compile(follow_up.bare),
            ordinals={
                number: re.compile(pattern, re.IGNORECASE) for number, pattern in follow_up.ordinals.items()
            },
        )

    def understand(self, question: Question) -> Query:
        """Return the question as a query: on its own, with its language and intent."""
        typed = " ".join(question.text.split())
        text = make_standalone(typed, question.history, self._follow_up)
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
    is_long = len(text.split()) >= STORY_WORDS
    return is_long and "?" not in text and bool(re.search(r"\b(wij|we|onze|ons|ik|our|us|my)\b", text))
