"""The reference questions, asked of both ways of working, with floors that stop a regression."""

from __future__ import annotations

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import Answer, Refusal
from evals.measuring import Report, ask, measure
from evals.questions import Questions, read_questions

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


@pytest.fixture(scope="module")
def questions() -> Questions:
    return read_questions()


@pytest.fixture(params=["from_cards", pytest.param("from_originals", marks=pytest.mark.originals)])
def assistant(request: pytest.FixtureRequest) -> Assistant:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Assistant)
    return found


@pytest.fixture
def report(assistant: Assistant, questions: Questions) -> Report:
    return measure(assistant, questions)


def test_the_reference_questions_stay_above_their_floors(report: Report) -> None:
    wrong = {kind: report.count(kind) for kind in ("inexact span", "no citation", "too long")}
    assert wrong == {"inexact span": 0, "no citation": 0, "too long": 0}
    assert report.count("other cards") + report.count("incomplete") <= 0.04 * report.answered
    assert report.count("wrongly refused") <= 0.04 * report.answered
    assert report.count("wrongly answered") <= 0.1 * report.refused


@pytest.mark.parametrize("question", MAIN_QUESTIONS)
def test_the_main_questions_get_whole_answers_with_a_mark_after_each_claim(
    assistant: Assistant, question: str
) -> None:
    outcome = ask(assistant, question)
    assert isinstance(outcome, Answer)
    assert [part for part in MAIN_QUESTIONS[question] if part not in outcome.markdown] == []
    assert all(checked.citations for checked in outcome.claims)
    assert len(outcome.markdown.split()) <= 150
    for block in outcome.markdown.splitlines():
        assert not block or block.endswith("]")


@pytest.mark.parametrize(
    "question", ["Wat is de hoofdstad van Australië?", "Wat verdient een alliantiemanager per maand?"]
)
def test_a_refusal_says_what_was_searched(assistant: Assistant, question: str) -> None:
    outcome = ask(assistant, question)
    assert isinstance(outcome, Refusal)
    for source in assistant.catalogue.sources.values():
        assert source.label in outcome.markdown


@pytest.mark.originals
def test_with_the_originals_every_citation_points_at_its_words(from_originals: Assistant) -> None:
    texts = from_originals.catalogue.documents
    for question in MAIN_QUESTIONS:
        outcome = ask(from_originals, question)
        assert isinstance(outcome, Answer)
        for citation in outcome.citations:
            span = citation.evidence.span
            assert span is not None
            assert texts[citation.evidence.source_id].text[span.start : span.end] == citation.evidence.quote


def test_every_question_that_a_card_offers_is_answered(from_cards: Assistant) -> None:
    offered = [question for card in from_cards.catalogue.cards.values() for question in card.questions]
    refused = [question for question in offered if isinstance(ask(from_cards, question), Refusal)]
    assert len(refused) <= 0.03 * len(offered), refused
