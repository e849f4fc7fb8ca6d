"""What a question wants: its language, its intent, and the text that stands on its own.

No model is used. The cues are data: ``prompts/understanding.yaml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from assistant.answering.conversation import FollowUpCues, make_standalone
from assistant.domain import Intent, Language, Query, Question
from assistant.errors import InvalidTexts

STORY_WORDS = 14
"""From this many words on, a message without a question's cue is read as a situation."""


def _compilable(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: Intent
    pattern: Annotated[str, AfterValidator(_compilable)]
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
    function_words: dict[Language, frozenset[str]]
    follow_up: _FollowUp


@dataclass(frozen=True, slots=True)
class _Pattern:
    intent: Intent
    expression: re.Pattern[str]
    courtesy: str | None


class Understanding:
    """Reads questions by the cues of one file."""

    def __init__(self, cues: Path) -> None:
        try:
            loaded = _Cues.model_validate(yaml.safe_load(cues.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError, re.error) as error:
            raise InvalidTexts(file=cues.name, key="", reason=str(error)) from error
        self._patterns = tuple(
            _Pattern(rule.intent, re.compile(rule.pattern), rule.courtesy) for rule in loaded.rules
        )
        self._function_words = loaded.function_words
        follow_up = loaded.follow_up
        self._follow_up = FollowUpCues(
            opening=re.compile(follow_up.opening),
            pronouns=follow_up.pronouns,
            bare=re.compile(follow_up.bare),
            ordinals={number: re.compile(pattern) for number, pattern in follow_up.ordinals.items()},
        )

    def understand(self, question: Question) -> Query:
        """Return the question as a query: on its own, with its language and intent."""
        typed = " ".join(question.text.split())
        text = make_standalone(typed, question.history, self._follow_up)
        language = self.language_of(text)
        folded = typed.casefold()
        rule, match = self._match(folded)
        if rule is None or match is None:
            intent = Intent.SITUATION if _is_story(folded) else Intent.FACT
            return Query(text, language, intent, question.filters)
        groups = match.groupdict()
        sides = tuple(groups[name].strip() for name in ("a", "b") if groups.get(name))
        return Query(text, language, rule.intent, question.filters, sides, rule.courtesy)

    def language_of(self, text: str) -> Language:
        """Return English where English function words outnumber the Dutch ones, else Dutch."""
        words = re.findall(r"[^\W\d_]+", text.casefold())
        counts = {
            language: sum(word in vocabulary for word in words)
            for language, vocabulary in self._function_words.items()
        }
        return Language.ENGLISH if counts[Language.ENGLISH] > counts[Language.DUTCH] else Language.DUTCH

    def _match(self, text: str) -> tuple[_Pattern, re.Match[str]] | tuple[None, None]:
        for pattern in self._patterns:
            match = pattern.expression.search(text)
            if match and not (pattern.intent is not Intent.HOW_TO and _tells_a_story(text)):
                return pattern, match
        return None, None


def _is_story(text: str) -> bool:
    return len(text.split()) >= STORY_WORDS


def _tells_a_story(text: str) -> bool:
    """Whether a message tells what happens, rather than asks what is."""
    return _is_story(text) and "?" not in text and bool(re.search(r"\b(wij|we|onze|ons|ik|our|us)\b", text))
