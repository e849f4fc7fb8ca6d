"""How good answers are: nuggets covered, claims supported, length and readability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from assistant.domain import Answer, Refusal
from evals.items import Answerable
from evals.judging.judge import Judge
from evals.judging.nuggets import sentences
from evals.judging.verdicts import Support
from evals.measures.estimating import estimate
from evals.readability import reading_ease
from evals.results import ALL, Answered


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """How good one answer is; a refusal covers nothing."""

    type: str
    text: str
    vital: float | None
    """``None`` where the item has no vital nuggets."""
    nuggets: float | None
    missing: tuple[str, ...]
    support: float | None
    words: int

    @property
    def f1(self) -> float | None:
        """Harmonic mean of support and vital coverage; a quote supports itself."""
        if self.vital is None:
            return None
        support = 1.0 if self.support is None else self.support
        return 2 * support * self.vital / (support + self.vital) if support + self.vital else 0.0


def score_answer(item: Answerable, text: str, judge: Judge, support: float | None = None) -> AnswerScores:
    """Score an answer in Markdown; an empty one is a refusal."""
    there = {nugget.text: bool(text) and judge.holds(nugget, text) for nugget in item.nuggets}
    vital = [nugget.text for nugget in item.nuggets if nugget.vital]
    return AnswerScores(
        type=item.type,
        text=text,
        vital=_share(there[name] for name in vital),
        nuggets=_share(there.values()),
        missing=tuple(name for name in vital if not there[name]),
        support=support,
        words=count_words(text),
    )


def support_of(outcome: Answer | Refusal, judge: Judge) -> float | None:
    """Return the share of an answer's claims that its evidence supports; ``None`` without claims."""
    if isinstance(outcome, Refusal):
        return None
    return _share(
        judge.supports(checked.claim.text, [one.evidence.quote for one in checked.citations])
        is Support.SUPPORTED
        for checked in outcome.claims
    )


def summarize_answers(system: str, scores: Sequence[AnswerScores]) -> tuple[Answered, ...]:
    """Return a row for all answers and one for each type."""
    types = [ALL, *dict.fromkeys(one.type for one in scores)]
    chosen = ((type_, [one for one in scores if type_ in (ALL, one.type)]) for type_ in types)
    return tuple(_row(system, type_, some) for type_, some in chosen if some)


def count_words(markdown: str) -> int:
    """Count the words of an answer, without marks."""
    return sum(len(sentence.split()) for sentence in sentences(markdown))


def _row(system: str, type_: str, scores: Sequence[AnswerScores]) -> Answered:
    support = [one.support for one in scores if one.support is not None]
    said = [one for one in scores if one.text]
    return Answered(
        system=system,
        type=type_,
        vital=estimate(_known(one.vital for one in scores)),
        nuggets=estimate(_known(one.nuggets for one in scores)),
        support=estimate(support) if support else None,
        f1=estimate(_known(one.f1 for one in scores)),
        words=mean(one.words for one in said) if said else 0.0,
        most_words=max((one.words for one in said), default=0),
        readability=mean(reading_ease(one.text) for one in said) if said else 0.0,
    )


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _share(flags: Iterable[bool]) -> float | None:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else None


def types_of(items: Iterable[Answerable]) -> Mapping[str, str]:
    """Return the type of each item by its id."""
    return {item.id: item.type.value for item in items}
