"""Asks all items one way, and measures what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant.bootstrap import Assistant
from assistant.domain import Answer, Question, Refusal, outcome_of
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings
from evals.bench import Bench
from evals.items import Answerable, Items
from evals.judging.judge import Judge
from evals.measures.answering import AnswerScores, score_answer, summarize_answers, support_of, types_of
from evals.measures.attacking import measure_attacks
from evals.measures.citing import measure_citations
from evals.measures.comparing import Pair, compare_follow_ups, compare_twins, summarize_pairs
from evals.measures.ranking import RankScores, score_rankings, summarize_rankings
from evals.measures.refusing import measure_refusing
from evals.measures.timing import time_answers
from evals.results import Answered, ItemResult, Part, Ranked, Timed
from evals.systems import PRODUCT, Product, System


@dataclass(frozen=True, slots=True)
class _Replies:
    """What the product made of the answerable items."""

    outcomes: Mapping[str, Answer | Refusal]
    answers: Mapping[str, AnswerScores]
    ranks: Mapping[str, RankScores]


def measure_part(  # noqa: PLR0913 - one argument for each thing that a run chooses
    bench: Bench,
    settings: Settings,
    items: Items,
    *,
    split: str,
    judge: Judge,
    systems: Sequence[System] = (),
    timed: Timed | None = None,
) -> Part:
    """Measure everything on one split; ``systems`` are the baselines, where they're wanted."""
    replies = _ask(bench, items.answerable, judge)
    unanswerable = [(item, _outcome(bench, item.question)) for item in items.unanswerable]
    follow_ups = compare_follow_ups(bench, items.follow_ups, judge)
    by_id = {item.id: item for item in items.answerable}
    twins = compare_twins(bench, items.twins, by_id, judge)
    ranked, answered = _compare(items.answerable, replies, judge, systems)
    return Part(
        way=bench.way,
        split=split,
        counts={name: len(getattr(items, name)) for name in Items.model_fields},
        ranked=ranked,
        answered=answered,
        refused=measure_refusing(
            [(item, replies.outcomes[item.id]) for item in items.answerable], unanswerable
        ),
        follow_ups=summarize_pairs(follow_ups),
        twins=summarize_pairs(twins),
        attacks=measure_attacks(bench, settings, items.attacks),
        cited=measure_citations(
            (outcome for outcome in replies.outcomes.values() if isinstance(outcome, Answer)),
            bench.opened.catalogue,
        ),
        timed=timed,
        items=tuple(_result(item, replies) for item in items.answerable),
        wrongly_answered=tuple(item.id for item, outcome in unanswerable if isinstance(outcome, Answer)),
        weak_follow_ups=_weak(follow_ups),
        weak_twins=_weak(twins),
        cards=len(bench.opened.catalogue.cards),
    )


def time_product(settings: Settings, embedder: Embedder, items: Items) -> Timed:
    """Time warm answers of an assistant that embeds each question anew."""
    questions = [item.question for item in items.answerable]
    with closing(Assistant(settings, embedder)) as assistant:
        return time_answers(
            lambda text: outcome_of(assistant.ask(Question(text))), embedder.embed_query, questions
        )


def _ask(bench: Bench, items: Sequence[Answerable], judge: Judge) -> _Replies:
    outcomes = {item.id: _outcome(bench, item.question) for item in items}
    answers = {
        item.id: score_answer(item, _markdown(outcomes[item.id]), judge, support_of(outcomes[item.id], judge))
        for item in items
    }
    product = Product(bench)
    rankings = {item.id: product.rank(Question(item.question)) for item in items if item.gold}
    return _Replies(outcomes, answers, score_rankings(items, rankings))


def _compare(
    items: Sequence[Answerable], replies: _Replies, judge: Judge, systems: Sequence[System]
) -> tuple[tuple[Ranked, ...], tuple[Answered, ...]]:
    """Return the rows of the product and of the baselines."""
    types = types_of(items)
    ranked = list(summarize_rankings(PRODUCT, replies.ranks, types)) if replies.ranks else []
    answered = list(summarize_answers(PRODUCT, list(replies.answers.values())))
    for system in systems:
        rankings = {item.id: system.rank(Question(item.question)) for item in items if item.gold}
        ranked += summarize_rankings(system.name, score_rankings(items, rankings), types)
        scores = [score_answer(item, system.answer(Question(item.question)), judge) for item in items]
        answered += summarize_answers(system.name, scores)
    return tuple(ranked), tuple(answered)


def _result(item: Answerable, replies: _Replies) -> ItemResult:
    outcome, answer = replies.outcomes[item.id], replies.answers[item.id]
    rank = replies.ranks.get(item.id)
    return ItemResult(
        id=item.id,
        type=item.type.value,
        question=item.question,
        outcome=outcome.reason.value if isinstance(outcome, Refusal) else "answered",
        ndcg=rank.ndcg if rank else None,
        recall=rank.recall if rank else None,
        vital=answer.vital,
        nuggets=answer.nuggets,
        missing=answer.missing,
        words=answer.words,
        support=answer.support,
    )


def _outcome(bench: Bench, text: str) -> Answer | Refusal:
    return outcome_of(bench.assistant.ask(Question(text)))


def _markdown(outcome: Answer | Refusal) -> str:
    return outcome.markdown if isinstance(outcome, Answer) else ""


def _weak(pairs: Iterable[Pair]) -> tuple[str, ...]:
    return tuple(pair.id for pair in pairs if pair.is_weaker)
