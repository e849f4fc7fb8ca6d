"""A form of a question beside the form that it should do as well as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from assistant.domain import Answer, Question, Reference, Refusal, Turn, outcome_of
from evals.bench import Bench
from evals.items import Answerable, FollowUp, Twin
from evals.judging.judge import Judge
from evals.measures.answering import score_answer
from evals.measures.estimating import estimate
from evals.measures.ranking import RankScores, score_rankings
from evals.results import Compared
from evals.systems import Product


@dataclass(frozen=True, slots=True)
class Pair:
    """One item in both forms."""

    id: str
    form: RankScores
    other: RankScores
    vital: float | None
    other_vital: float | None
    is_refused: bool
    other_is_refused: bool

    @property
    def is_weaker(self) -> bool:
        """Whether the form finds less than the other, or is refused where the other isn't."""
        loses = self.form.recall < self.other.recall or (self.vital or 0) < (self.other_vital or 0)
        return loses or (self.is_refused and not self.other_is_refused)


@dataclass(frozen=True, slots=True)
class _Forms:
    """Two forms of one question, with its gold sections and, where it has them, its nuggets."""

    id: str
    form: Question
    other: Question
    gold: tuple[Reference, ...]
    helpful: tuple[Reference, ...]
    item: Answerable | None = None


def compare_follow_ups(bench: Bench, items: Sequence[FollowUp], judge: Judge) -> tuple[Pair, ...]:
    """Hold each conversation for real, and compare with the standalone form."""
    forms = [
        _Forms(
            id=item.id,
            form=Question(item.question, converse(bench, item.before)),
            other=Question(item.standalone),
            gold=item.gold,
            helpful=item.helpful,
        )
        for item in items
    ]
    return _pairs(bench, forms, judge)


def compare_twins(
    bench: Bench, items: Sequence[Twin], originals: Mapping[str, Answerable], judge: Judge
) -> tuple[Pair, ...]:
    """Ask each question in English and in Dutch."""
    forms = []
    for item in items:
        dutch = originals[item.of]
        english = Question(item.question)
        forms.append(_Forms(item.id, english, Question(dutch.question), dutch.gold, dutch.helpful, dutch))
    return _pairs(bench, forms, judge)


def converse(bench: Bench, before: Sequence[str]) -> tuple[Turn, ...]:
    """Ask questions one after another, and return the conversation."""
    turns: tuple[Turn, ...] = ()
    for text in before:
        outcome = outcome_of(bench.assistant.ask(Question(text, turns)))
        turns = (*turns, Turn("user", text), Turn("assistant", outcome.markdown))
    return turns


def summarize_pairs(pairs: Sequence[Pair]) -> Compared | None:
    """Put all pairs together; ``None`` if there are none."""
    if not pairs:
        return None
    both = [(one.vital, one.other_vital) for one in pairs]
    vital = [(a, b) for a, b in both if a is not None and b is not None]
    return Compared(
        recall=estimate([one.form.recall for one in pairs]),
        other_recall=estimate([one.other.recall for one in pairs]),
        ndcg=estimate([one.form.ndcg for one in pairs]),
        other_ndcg=estimate([one.other.ndcg for one in pairs]),
        vital=estimate([one for one, _ in vital]) if vital else None,
        other_vital=estimate([other for _, other in vital]) if vital else None,
        refused=mean(one.is_refused for one in pairs),
        other_refused=mean(one.other_is_refused for one in pairs),
    )


def _pairs(bench: Bench, listed: Sequence[_Forms], judge: Judge) -> tuple[Pair, ...]:
    """Compare what has gold sections."""
    listed = [one for one in listed if one.gold]
    product = Product(bench)
    scores = score_rankings(listed, {one.id: product.rank(one.form) for one in listed})
    others = score_rankings(listed, {one.id: product.rank(one.other) for one in listed})
    pairs = []
    for one in listed:
        outcome, other = (outcome_of(bench.assistant.ask(form)) for form in (one.form, one.other))
        pairs.append(
            Pair(
                id=one.id,
                form=scores[one.id],
                other=others[one.id],
                vital=_vital(one.item, outcome, judge),
                other_vital=_vital(one.item, other, judge),
                is_refused=isinstance(outcome, Refusal),
                other_is_refused=isinstance(other, Refusal),
            )
        )
    return tuple(pairs)


def _vital(item: Answerable | None, outcome: Answer | Refusal, judge: Judge) -> float | None:
    if item is None:
        return None
    return score_answer(item, outcome.markdown if isinstance(outcome, Answer) else "", judge).vital
