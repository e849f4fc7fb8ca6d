"""What the interview asks, in order, and how that looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import CheckKind, Questionnaire, Tension, card_id_of


class InterviewTexts(Protocol):
    """The coach's texts, by key."""

    def render(self, key: str, /, **values: object) -> str:
        """Return a text with its placeholders filled."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """Something that is asked, and how."""

    id: str
    text: str
    block: str
    about: str
    term: str | None
    labels: tuple[str, ...]
    """Five, from the lowest score to the highest; none for an open question."""
    tension: Tension | None = None

    @property
    def lowest(self) -> int:
        """The score of the first label."""
        return -2 if self.tension else 1


class Wording:
    """Puts all that a check of one kind asks into words, by the texts."""

    def __init__(self, questionnaire: Questionnaire, kind: CheckKind, texts: InterviewTexts) -> None:
        self._questionnaire, self._kind, self._texts = questionnaire, kind, texts
        known = {one.id: one for one in _questions(questionnaire, texts)}
        self.questions = tuple(known[one] for one in questionnaire.asked(kind))

    def asked(self, place: int) -> str:
        """Return the question itself, with its number."""
        question, total = self.questions[place], len(self.questions)
        key = "tension" if question.tension else "question" if question.labels else "open"
        names = ("far_left", "left", "middle", "right", "far_right")
        labels = dict(zip(names, question.labels, strict=True)) if question.labels else {}
        return self._texts.render(
            key, number=place + 1, total=total, block=question.block, text=question.text, **labels
        )

    def scale(self) -> str:
        """Return the scale of the statements on one line."""
        names = ("one", "two", "three", "four", "five")
        labels = dict(zip(names, map(lowered, self._questionnaire.scale), strict=True))
        return self._texts.render(
            "scale", **labels, not_applicable=lowered(self._questionnaire.not_applicable)
        )

    def choices(self, place: int) -> tuple[str, ...]:
        """Return what can be answered or asked, as buttons."""
        question = self.questions[place]
        labels = tuple(one[:1].upper() + one[1:] for one in question.labels)
        unjudged = (self._questionnaire.not_applicable,) if labels else ()
        told = ("explain", "skip", "back", "stop") if place else ("explain", "skip", "stop")
        return (*labels, *unjudged, *map(self.choice, told))

    def choice(self, name: str) -> str:
        """Return the words of one button."""
        return self._texts.render(f"choice_{name}")

    def label(self, question: AskedQuestion, score: int | None) -> str:
        """Return what a score is called, with a capital."""
        if score is None or not question.labels:
            return self._questionnaire.not_applicable
        label = question.labels[score - question.lowest]
        return label[:1].upper() + label[1:]

    def welcome(self) -> str:
        """Return the introduction."""
        one = self._questionnaire
        key = "welcome" if self._kind is CheckKind.FULL else "welcome_short"
        values = {"introduction": one.introduction.strip(), "disclaimer": one.disclaimer.strip()}
        return self._texts.render(key, title=one.title, total=len(self.questions), **values)

    def name(self, card_id: str | None) -> str:
        """Return what a card is called within a sentence."""
        names = self._questionnaire.phase_names
        return lowered(names.get(card_id, card_id.replace("-", " "))) if card_id else ""


def _questions(asked: Questionnaire, texts: InterviewTexts) -> Iterator[AskedQuestion]:
    """Yield all that can be asked, with the block that it's in."""
    block, about = texts.render("block_phases"), texts.render("about_phases")
    for phase in asked.phase_items:
        card = card_id_of(phase.statements[0]) if phase.statements else next(iter(phase.phases), None)
        yield AskedQuestion(phase.id, phase.text, block, about, card, asked.scale)
    for condition in asked.conditions:
        for item in condition.items:
            yield AskedQuestion(item.id, item.text, condition.title, condition.about, item.term, asked.scale)
    block, about = texts.render("block_tensions"), texts.render("about_tensions")
    for one in asked.tensions:
        labels = _positions(one, texts)
        yield AskedQuestion(one.id, one.question, block, about, one.card_id, labels, tension=one)
    block, about = texts.render("block_open"), texts.render("about_open")
    for question in asked.open_questions:
        card = card_id_of(question.statements[0]) if question.statements else None
        yield AskedQuestion(question.id, question.text, block, about, card, ())


def _positions(tension: Tension, texts: InterviewTexts) -> tuple[str, ...]:
    keys = ("far_left", "near_left", "middle", "near_right", "far_right")
    return tuple(texts.render(key, left=lowered(tension.left), right=lowered(tension.right)) for key in keys)


def lowered(text: str) -> str:
    """Return the text without its first capital, unless it's an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
