"""How the questionnaire is cut into blocks, and how a form is read."""

from __future__ import annotations

import pytest

from assistant.answering.prompts import Texts
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import CheckKind, Response, Tension
from assistant.errors import InvalidResponse
from assistant.surfaces.pages.blocks import (
    Field,
    FieldKind,
    blocks_of,
    count_answered,
    read_response,
    shown_choice,
)

SLIDER = Field(Tension("t", "kaart", "Waar?", "links", "rechts", ()), FieldKind.SLIDER, "Waar?")


@pytest.mark.parametrize("kind", CheckKind)
def test_the_blocks_hold_all_that_is_asked_once_and_in_order(
    checks: HealthChecks, texts: Texts, kind: CheckKind
) -> None:
    blocks = blocks_of(checks.questionnaire, kind, texts)
    assert [one.id for block in blocks for one in block.fields] == list(checks.questionnaire.asked(kind))


def test_an_empty_open_question_holds_up_no_progress(checks: HealthChecks, texts: Texts) -> None:
    blocks = blocks_of(checks.questionnaire, CheckKind.FULL, texts)
    scored = [one for block in blocks for one in block.fields if one.kind is not FieldKind.OPEN]
    responses = {one.id: Response(one.id, None) for one in scored}
    assert count_answered(blocks, responses) == (len(scored), len(scored))


@pytest.mark.parametrize("choice", ["-2", "-1", "0", "1", "2", "nvt"])
def test_what_is_read_from_a_form_is_what_the_form_shows_again(choice: str) -> None:
    response = read_response(SLIDER, choice, "", None)
    assert shown_choice(SLIDER, response) == choice


def test_a_remark_alone_counts_as_not_applicable() -> None:
    assert read_response(SLIDER, "", "Hangt ervan af.", None) == Response("t", None, "Hangt ervan af.")


def test_nothing_filled_in_is_no_answer() -> None:
    assert read_response(SLIDER, "", "", None) is None


def test_a_choice_that_was_not_offered_is_refused() -> None:
    with pytest.raises(InvalidResponse):
        read_response(SLIDER, "3", "", None)
