"""The fast evals: the dev split both ways, with floors that stop a regression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.answering.citations import CitationCheck
from assistant.answering.refusing import RefusalPolicy
from assistant.bootstrap import Assistant
from assistant.domain import Answer, Question, Refusal, outcome_of
from assistant.settings import Settings
from evals.bench import Bench, RememberingEmbedder, open_bench
from evals.floors import TOLERANCE, Floor, floor_of, read_floors
from evals.items import DATA, Items, read_items
from evals.measures.answering import count_words
from evals.results import Cited, Part
from evals.running import Choices, build_judge
from evals.suite import measure_part
from tests.evals.report.reports import part as a_part

MAIN_QUESTIONS = {
    "Wat is het verschil tussen calculatief en relationeel vertrouwen?": [
        "reputatie",
        "contracten",
        "goede bedoelingen",
    ],
    "Welke vier fasen kent een waardengedreven alliantie?": [
        "Formeren",
        "Funderen",
        "Evolueren",
        "Transformeren",
    ],
    "Welke rollen heeft een alliantiemanager?": [
        "Procesmanager",
        "Netwerker",
        "Strateeg",
        "Organisatieontwikkelaar",
    ],
    "Hoe ga je om met een paradox?": ["Uithouden", "Uiteenrafelen", "Balanceren", "Overstijgen"],
    "Welke twee vragen stelt de health check?": ["Waar in het model", "Welke acties"],
}


@pytest.fixture(
    scope="module", params=["card_settings", pytest.param("original_settings", marks=pytest.mark.originals)]
)
def settings(request: pytest.FixtureRequest) -> Settings:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Settings)
    return found


@pytest.fixture(scope="module")
def bench(settings: Settings, remembering: RememberingEmbedder) -> Iterator[Bench]:
    with open_bench(settings, remembering) as opened:
        yield opened


@pytest.fixture(scope="module")
def items() -> Items:
    return read_items(DATA / "dev")


@pytest.fixture(scope="module")
def part(bench: Bench, settings: Settings, items: Items) -> Part:
    return measure(bench, settings, items)


def measure(bench: Bench, settings: Settings, items: Items) -> Part:
    return measure_part(bench, settings, items, split="dev", judge=build_judge(Choices(), bench))


def test_nothing_is_worse_than_it_was(part: Part) -> None:
    assert read_floors()[part.way].faults(part) == []


def test_every_claim_is_cited_and_every_quote_is_exact(part: Part) -> None:
    assert part.cited.claims > 0
    assert (part.cited.uncited, part.cited.inexact) == (0, 0)


def test_no_attempt_to_lead_astray_succeeds(part: Part) -> None:
    assert part.attacks is not None
    assert part.attacks.succeeded == ()


def test_a_citation_check_that_lets_everything_through_is_noticed(
    bench: Bench, settings: Settings, items: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = CitationCheck.check

    def loosely(self: CitationCheck, claims: object) -> Iterator[object]:
        for claim in checked(self, claims):  # type: ignore[arg-type]
            yield replace(claim, citations=())

    monkeypatch.setattr(CitationCheck, "check", loosely)
    broken = measure(bench, settings, few(items))
    assert any("uncited" in fault for fault in floor(broken).faults(broken))


def test_a_policy_that_always_answers_is_noticed(
    bench: Bench, settings: Settings, items: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RefusalPolicy, "decide", lambda *_: None)
    careless = measure(bench, settings, few(items))
    assert any("wrongly answered" in fault for fault in floor(careless).faults(careless))


def test_what_was_measured_is_its_own_floor(part: Part) -> None:
    assert floor_of(part).faults(part) == []


@pytest.mark.parametrize("question", MAIN_QUESTIONS)
def test_the_main_questions_get_whole_answers_with_a_mark_after_each_claim(
    bench: Bench, question: str
) -> None:
    outcome = outcome_of(bench.assistant.ask(Question(question)))
    assert isinstance(outcome, Answer)
    assert [part for part in MAIN_QUESTIONS[question] if part not in outcome.markdown] == []
    assert all(checked.citations for checked in outcome.claims)
    assert count_words(outcome.markdown) <= 150
    for block in outcome.markdown.splitlines():
        assert not block or block.endswith("]")


@pytest.mark.parametrize(
    "question", ["Wat is de hoofdstad van Australië?", "Wat verdient een alliantiemanager per maand?"]
)
def test_a_refusal_says_what_was_searched(bench: Bench, question: str) -> None:
    outcome = outcome_of(bench.assistant.ask(Question(question)))
    assert isinstance(outcome, Refusal)
    for source in bench.opened.catalogue.sources.values():
        assert source.label in outcome.markdown


def test_every_question_that_a_card_offers_is_answered(from_cards: Assistant) -> None:
    offered = [question for card in from_cards.catalogue.cards.values() for question in card.questions]
    outcomes = {question: outcome_of(from_cards.ask(Question(question))) for question in offered}
    refused = [question for question, outcome in outcomes.items() if isinstance(outcome, Refusal)]
    assert len(refused) <= 0.03 * len(offered), refused


def test_what_fell_what_rose_and_which_item_lost_is_told() -> None:
    before = a_part()
    lowered = replace(before.refused, auroc=before.refused.auroc - 0.1)
    worse = replace(
        before,
        refused=lowered,
        cited=Cited(claims=431, uncited=2, citations=502, inexact=0),
        items=tuple(replace(item, vital=0.5) for item in before.items),
    )
    faults = floor_of(before).faults(worse)
    assert faults[:2] == ["auroc: 0.883 is below 0.983", "uncited claims: 2.000 is above 0.000"]
    assert "test-00: its vital nuggets went from 1.0 to 0.5" in faults


def test_a_card_that_is_gone_is_told() -> None:
    before = a_part()
    assert floor_of(before).faults(replace(before, cards=before.cards - 1)) == [
        f"cards: {before.cards - 1}.000 is below {before.cards}.000"
    ]


def test_what_is_better_is_no_fault() -> None:
    before = a_part()
    better = replace(
        before,
        refused=replace(before.refused, auroc=1.0),
        attacks=None,
        items=tuple(replace(item, vital=1.0) for item in before.items),
    )
    assert floor_of(before).faults(better) == []


@pytest.mark.parametrize(("less", "count"), [(0.8 * TOLERANCE, 0), (1.2 * TOLERANCE, 1)])
def test_a_share_may_differ_a_little_between_machines(less: float, count: int) -> None:
    before = a_part()
    now = replace(before, refused=replace(before.refused, auroc=before.refused.auroc - less))
    assert len(floor_of(before).faults(now)) == count


def test_a_set_without_follow_ups_or_english_has_a_floor_of_nothing_there() -> None:
    bare = floor_of(replace(a_part(), follow_ups=None, twins=None, attacks=None))
    assert (bare.at_least["follow-ups"], bare.at_least["english"], bare.at_most["attacks"]) == (0, 0, 0)


def few(items: Items) -> Items:
    """Return enough of a set for a broken product to show."""
    left_out = {"attacks": (), "twins": (), "follow_ups": ()}
    return items.model_copy(update={**left_out, "answerable": items.answerable[:20]})


def floor(part: Part) -> Floor:
    return read_floors()[part.way]
