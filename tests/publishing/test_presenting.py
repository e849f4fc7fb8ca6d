"""Tests of the JSON of a report and a brief."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from assistant.domain import Check, CheckKind, CitedText, PhaseModel, Questionnaire, Shared
from assistant.publishing.presenting import (
    brief_from_json,
    brief_json,
    portfolio_json,
    questionnaire_json,
    report_json,
)
from tests.publishing.examples import CATALOGUE, CHOSEN, a_brief, a_report, a_small_report


def test_a_report_is_json_with_the_names_of_the_domain() -> None:
    content = report_json(a_report(), CHOSEN, CATALOGUE)
    assert json.loads(json.dumps(content)) == content
    assert content["kind"] == "full"
    assert content["closed"] == "2025-03-03T16:30:00+00:00"
    assert content["conditions"][1]["score"]["gap"] == 1.9
    assert content["conditions"][0]["items"][5]["mean"] is None
    assert content["trends"][0]["rounds"] == [[1, 3.1], [2, 3.9]]
    assert content["chosen"][1] == {
        "id": "kennismaken",
        "title": "Kennismaken op de werkvloer",
        "owner": "Gemeente Oosterveld",
        "due": "2025-03-31",
        "is_done": True,
    }


def test_every_number_of_a_report_stands_for_a_citation() -> None:
    content = report_json(a_report(), CHOSEN, CATALOGUE)
    assert content["phases"][0]["decided_by"][1]["citations"] == [2, 1]
    assert content["phases"][0]["settling"][1]["citations"] == []
    assert [one["number"] for one in content["citations"]] == [1, 2, 3, 4]
    assert content["citations"][2] == {
        "number": 3,
        "source_id": "bron-a",
        "title": "Over vertrouwen",
        "section": "Groei van vertrouwen",
        "card_id": "vertrouwen",
        "quote": "Vertrouwen groeit langzaam.",
        "start": 0,
        "end": 27,
        "support": "supported",
        "page": None,
    }
    assert content["citations"][0]["start"] is None


def test_a_brief_keeps_its_statements_so_that_it_can_come_back_edited() -> None:
    content = brief_json(a_brief(), CATALOGUE)
    assert content["hypotheses"][0]["claim"] == {
        "text": "Partners zoeken in het begin naar hun doel.",
        "statements": ["formeren#1", "vertrouwen#2"],
        "citations": [1, 2, 3],
    }
    assert len(content["citations"]) == 3


def test_a_report_of_too_few_people_cites_nothing() -> None:
    assert report_json(a_small_report(), (), CATALOGUE)["citations"] == []


def test_a_brief_that_comes_back_is_the_brief_that_went_out() -> None:
    assert brief_from_json(brief_json(a_brief(), CATALOGUE)) == a_brief()


def test_what_is_no_brief_is_refused() -> None:
    with pytest.raises(ValueError, match="hypotheses"):
        brief_from_json({**brief_json(a_brief(), CATALOGUE), "hypotheses": "geen"})


def test_a_questionnaire_has_the_sources_of_what_it_asks() -> None:
    questionnaire = Questionnaire(
        "1",
        "Check",
        15,
        "",
        "",
        ("a",) * 5,
        "n.v.t.",
        (PhaseModel("m", "M", ("formeren",)),),
        {"formeren": "Formeren"},
        (),
        {"formeren": CitedText("Wat zoekt u?", ("formeren#1",))},
        (),
        (),
        (),
        (),
    )
    content = questionnaire_json(questionnaire, CATALOGUE)
    assert content["settling"]["formeren"]["citations"] == [1]
    assert content["citations"][0]["card_id"] == "formeren"


def test_a_portfolio_has_reports_of_closed_checks_and_none_of_open_ones() -> None:
    check = Check("c1", "s1", "Duo", CheckKind.FULL, 1, "1", (), datetime(2025, 1, 1, tzinfo=UTC))
    shared = (Shared(check, a_report(), CHOSEN), Shared(check, None, ()))
    first, second = portfolio_json(shared, CATALOGUE)["checks"]
    assert first["report"] == report_json(a_report(), CHOSEN, CATALOGUE)
    assert first["check"]["alliance"] == "Duo"
    assert second["report"] is None
