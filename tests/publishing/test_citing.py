"""Tests of numbering citations over a whole document."""

from __future__ import annotations

import pytest

from assistant.domain import Support
from assistant.publishing.citing import Citing
from tests.publishing.examples import CATALOGUE, a_brief, a_report


def test_evidence_is_numbered_in_order_of_first_use() -> None:
    citing = Citing(CATALOGUE)
    assert [one.number for one in citing.cite(("formeren#1",))] == [1]
    assert [one.number for one in citing.cite(("vertrouwen#2", "formeren#1"))] == [2, 3, 1]
    assert [one.number for one in citing.citations] == [1, 2, 3]


def test_the_same_place_has_the_same_number_and_is_marked_once() -> None:
    citing = Citing(CATALOGUE)
    assert citing.marks(("vertrouwen#1", "vertrouwen#2")) == "[1][2]"


def test_a_text_that_rests_on_nothing_has_no_marks() -> None:
    assert Citing(CATALOGUE).marks(()) == ""


@pytest.mark.parametrize("statement", ["vertrouwen#9", "unproved#1"])
def test_a_statement_that_is_unknown_or_unproved_is_never_passed_over(statement: str) -> None:
    with pytest.raises(KeyError, match=statement):
        Citing(CATALOGUE).cite(("vertrouwen#1", statement))


def test_a_statement_supports_and_does_not_count_as_a_quotation() -> None:
    assert {one.support for one in Citing.of(CATALOGUE, a_brief()).citations} == {Support.SUPPORTED}


def test_a_report_is_numbered_from_its_first_field_to_its_last() -> None:
    citing = Citing.of(CATALOGUE, a_report())
    assert citing.marks(("formeren#1",)) == "[1]"
    assert citing.marks(("formeren#2",)) == "[2]"
    assert [one.number for one in citing.citations] == [1, 2, 3, 4]
