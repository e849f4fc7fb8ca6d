"""The rules for the health check's questions and actions that concern more than one field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.coach.cites import Cites
from assistant.coach.questionnaire_file import Location, WrittenAction, WrittenQuestions
from assistant.domain import Questionnaire

Fault = tuple[str, Location]
"""What is wrong, and where it stands."""

MOST_WORDS = 18
"""A longer statement isn't read but scanned."""

LEAST_ITEMS_OF_A_PHASE = 2
"""With fewer, one statement would decide where an alliance is."""


def faults_of_questions(found: WrittenQuestions, cites: Cites) -> Iterator[Fault]:
    """Yield what is wrong with the questions, and where."""
    yield from _repeated_ids(found)
    yield from _long_statements(found)
    yield from _unknown_cards(found, cites)
    yield from _phase_faults(found)
    yield from _feeding_faults(found)
    yield from _pulse_faults(found)


def _repeated_ids(found: WrittenQuestions) -> Iterator[Fault]:
    asked: list[tuple[str, Location]] = [
        *((one.id, ("phase_items", at)) for at, one in enumerate(found.phase_items)),
        *((one.id, location) for one, location in found.statements),
        *((one.id, ("tensions", at)) for at, one in enumerate(found.tensions)),
        *((one.id, ("open_questions", at)) for at, one in enumerate(found.open_questions)),
    ]
    conditions: list[tuple[str, Location]] = [
        (one.id, ("conditions", at)) for at, one in enumerate(found.conditions)
    ]
    models: list[tuple[str, Location]] = [(one.id, ("models", at)) for at, one in enumerate(found.models)]
    for named in (asked, conditions, models):
        seen: set[str] = set()
        for name, location in named:
            if name in seen:
                yield f"id: '{name}' occurs twice", (*location, "id")
            seen.add(name)


def _long_statements(found: WrittenQuestions) -> Iterator[Fault]:
    texts: list[tuple[str, Location]] = [
        *((one.text, ("phase_items", at)) for at, one in enumerate(found.phase_items)),
        *((one.text, location) for one, location in found.statements),
    ]
    for text, location in texts:
        if len(text.split()) > MOST_WORDS:
            yield f"text: more than {MOST_WORDS} words", (*location, "text")


def _unknown_cards(found: WrittenQuestions, cites: Cites) -> Iterator[Fault]:
    named: list[tuple[str, Location]] = [
        *((one.term, (*location, "term")) for one, location in found.statements),
        *((one.card, ("tensions", at, "card")) for at, one in enumerate(found.tensions)),
        *((phase, ("models", at, "phases")) for at, one in enumerate(found.models) for phase in one.phases),
    ]
    for card_id, location in named:
        if not cites.has_card(card_id):
            yield f"there's no card '{card_id}'", location


def _phase_faults(found: WrittenQuestions) -> Iterator[Fault]:
    fed = Counter(phase for one in found.phase_items for phase in one.phases)
    for phase, count in Counter(found.phases).items():
        if count > 1:
            yield f"phase '{phase}' occurs twice", ("models",)
        if fed[phase] < LEAST_ITEMS_OF_A_PHASE:
            reason = f"phase '{phase}' is fed by {fed[phase]} items, not by {LEAST_ITEMS_OF_A_PHASE}"
            yield reason, ("phase_items",)
    for field, names in (("phase_names", found.phase_names), ("settling", found.settling)):
        for phase in sorted(set(found.phases) ^ set(names)):
            yield f"{field}: '{phase}' is missing, or no phase", (field, phase)


def _feeding_faults(found: WrittenQuestions) -> Iterator[Fault]:
    for at, item in enumerate(found.phase_items):
        for phase in sorted(set(item.phases) - set(found.phases)):
            yield f"no model has the phase '{phase}'", ("phase_items", at, "phases")
        for model in found.models:
            if len(set(item.phases) & set(model.phases)) > 1:
                yield f"feeds two phases of model '{model.id}'", ("phase_items", at, "phases")


def _pulse_faults(found: WrittenQuestions) -> Iterator[Fault]:
    condition_of = {item.id: condition.id for condition in found.conditions for item in condition.items}
    seen: set[str] = set()
    for at, item_id in enumerate(found.pulse):
        condition = condition_of.get(item_id)
        if condition is None or condition in seen:
            reason = "no condition has this item" if condition is None else f"'{condition}' has one already"
            yield f"pulse: '{item_id}': {reason}", ("pulse", at)
        seen.add(condition or "")
    if len(found.pulse) < len(found.conditions):
        yield "pulse: some condition has no item", ("pulse",)


def faults_of_actions(found: Sequence[WrittenAction], questionnaire: Questionnaire) -> Iterator[Fault]:
    """Yield what is wrong with the actions, and where."""
    known = {
        "items": {one.id for one in questionnaire.items},
        "phases": set(questionnaire.phase_names),
        "tensions": {one.id for one in questionnaire.tensions},
    }
    seen: set[str] = set()
    for at, action in enumerate(found):
        if action.id in seen:
            yield f"id: '{action.id}' occurs twice", (at, "id")
        seen.add(action.id)
        named = {"items": action.items, "phases": action.phases, "tensions": tuple(action.tensions)}
        for field, names in named.items():
            for name in names:
                if name not in known[field]:
                    yield f"{field}: '{name}' is unknown", (at, field)
