"""What a health check asks, says and advises, from ``corpus/health_check``.

Every fault is an ``InvalidQuestionnaire`` that names the file, the line and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from assistant.coach.cites import Cites
from assistant.coach.norms import Norms, read_norms
from assistant.coach.questionnaire_file import WrittenAction, WrittenCondition, WrittenQuestions
from assistant.coach.questionnaire_rules import faults_of_actions, faults_of_questions
from assistant.coach.yaml_files import YamlFile
from assistant.domain import (
    Action,
    Card,
    CitedText,
    Condition,
    Item,
    OpenQuestion,
    PhaseItem,
    PhaseModel,
    Questionnaire,
    Tension,
)


@dataclass(frozen=True, slots=True)
class HealthCheckTexts:
    """All that a health check needs to be asked and reported."""

    questionnaire: Questionnaire
    norms: Norms
    actions: tuple[Action, ...]


def read_questionnaire(folder: Path, cards: Mapping[str, Card]) -> HealthCheckTexts:
    """Read ``questionnaire.yaml``, ``norms.yaml`` and ``actions.yaml``, or raise ``InvalidQuestionnaire``."""
    cites = Cites(cards)
    questionnaire = _read_questions(folder / "questionnaire.yaml", cites)
    norms = read_norms(folder / "norms.yaml")
    return HealthCheckTexts(
        questionnaire, norms, _read_actions(folder / "actions.yaml", cites, questionnaire)
    )


@dataclass(frozen=True, slots=True)
class _Resolver:
    """Resolves the cites of one file."""

    file: YamlFile
    cites: Cites

    def __call__(self, written: Sequence[str], *location: int | str) -> tuple[str, ...]:
        return tuple(self._one(cite, *location, "cites", at) for at, cite in enumerate(written))

    def _one(self, cite: str, *location: int | str) -> str:
        try:
            return self.cites.resolve(cite)
        except ValueError as error:
            raise self.file.mistake(str(error), *location) from error


def _read_questions(path: Path, cites: Cites) -> Questionnaire:
    file = YamlFile.read(path)
    found = file.parse(TypeAdapter(WrittenQuestions))
    for reason, location in faults_of_questions(found, cites):
        raise file.mistake(reason, *location)
    return _questionnaire(found, _Resolver(file, cites))


def _read_actions(path: Path, cites: Cites, questionnaire: Questionnaire) -> tuple[Action, ...]:
    file = YamlFile.read(path)
    found = file.parse(TypeAdapter(tuple[WrittenAction, ...]))
    for reason, location in faults_of_actions(found, questionnaire):
        raise file.mistake(reason, *location)
    resolve = _Resolver(file, cites)
    return tuple(
        Action(
            one.id,
            one.title,
            one.text,
            resolve(one.cites, at),
            one.first_step,
            one.sign,
            one.items,
            one.phases,
            dict(one.tensions),
        )
        for at, one in enumerate(found)
    )


def _questionnaire(found: WrittenQuestions, resolve: _Resolver) -> Questionnaire:
    return Questionnaire(
        version=found.version,
        title=found.title,
        minutes=found.minutes,
        introduction=found.introduction.strip(),
        disclaimer=found.disclaimer.strip(),
        scale=found.scale,
        not_applicable=found.not_applicable,
        models=tuple(PhaseModel(one.id, one.title, one.phases) for one in found.models),
        phase_names=dict(found.phase_names),
        phase_items=tuple(
            PhaseItem(one.id, one.text, one.phases, resolve(one.cites, "phase_items", at))
            for at, one in enumerate(found.phase_items)
        ),
        settling={
            phase: CitedText(one.text, resolve(one.cites, "settling", phase))
            for phase, one in found.settling.items()
        },
        conditions=tuple(_condition(one, resolve, at) for at, one in enumerate(found.conditions)),
        tensions=tuple(
            Tension(one.id, one.card, one.question, one.left, one.right, resolve(one.cites, "tensions", at))
            for at, one in enumerate(found.tensions)
        ),
        open_questions=tuple(
            OpenQuestion(one.id, one.text, resolve(one.cites, "open_questions", at))
            for at, one in enumerate(found.open_questions)
        ),
        pulse=found.pulse,
    )


def _condition(found: WrittenCondition, resolve: _Resolver, at: int) -> Condition:
    items = tuple(
        Item(one.id, one.text, one.term, resolve(one.cites, "conditions", at, "items", number))
        for number, one in enumerate(found.items)
    )
    return Condition(found.id, found.title, found.about, items)
