"""The citation check, on claims that hold and claims that don't."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from assistant.answering.citations import CitationCheck
from assistant.domain import (
    ORIGINAL,
    Card,
    CardKind,
    CardSection,
    Catalogue,
    Chunk,
    Claim,
    Document,
    Evidence,
    Reference,
    SectionRole,
    Source,
    Span,
    Statement,
    Support,
)

TEXT = "De bond telt 28 leden. Zij delen kosten en winst."
QUOTE = "De bond telt 28 leden."
STATEMENT = Statement("bond#1", "De bond heeft 28 leden.", None, False, (Reference("boek", "De bond"),), 12)
OTHER = Statement("bond#2", "De bond heeft 30 leden.", None, False, (Reference("boek", "De bond"),), 13)
LINKED = Evidence("boek", "De bond", QUOTE, Span(0, len(QUOTE)), "bond", 0.9)
PASSAGE = Chunk("bron-1", TEXT, "Boek, De bond", ORIGINAL, "De bond", ("boek",), None, Span(0, len(TEXT)))


def check(evidence: Evidence = LINKED) -> CitationCheck:
    section = CardSection("Kern", SectionRole.DEFINITION, False, (STATEMENT, OTHER))
    card = Card("bond", CardKind.CONCEPT, "De bond", (), None, (), (), (section,))
    catalogue = Catalogue(
        sources={"boek": Source("boek", (), 1844, "Boek", "", "nl", "", "Boek", ("De bond",))},
        cards={card.id: card},
        documents={"boek": Document("boek", TEXT, (), ())},
        evidence={"bond#1": (evidence,), "bond#2": (evidence,)},
    )
    return CitationCheck(catalogue, {PASSAGE.id: PASSAGE})


def test_a_statement_with_linked_evidence_is_supported() -> None:
    (checked,) = check().check([Claim(STATEMENT.text, ("bond#1",))])
    (citation,) = checked.citations
    assert (citation.number, citation.support, citation.evidence) == (1, Support.SUPPORTED, LINKED)


def test_a_sentence_of_the_original_is_quoted_with_its_exact_span() -> None:
    (checked,) = check().check([Claim("“Zij delen kosten en winst.”", ("bron-1",))])
    (citation,) = checked.citations
    span = citation.evidence.span
    assert citation.support is Support.QUOTED
    assert span is not None
    assert TEXT[span.start : span.end] == citation.evidence.quote == "Zij delen kosten en winst."


@pytest.mark.parametrize(
    "claim",
    [
        Claim("De bond heeft 30 leden.", ("bond#2",)),
        Claim("De bond heeft vele leden.", ("bond#1",)),
        Claim("“Zij delen alles.”", ("bron-1",)),
        Claim(STATEMENT.text, ("nergens#1",)),
        Claim(STATEMENT.text, ()),
        Claim("“”", ("bron-1",)),
    ],
    ids=[
        "figure not in the quote",
        "other words",
        "not verbatim",
        "unknown citation",
        "no citation",
        "nothing",
    ],
)
def test_a_claim_that_its_citations_do_not_support_is_withheld_and_logged(
    claim: Claim, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert list(check().check([claim])) == []
    assert "withheld" in caplog.text


@pytest.mark.parametrize(
    "evidence",
    [
        replace(LINKED, span=Span(1, len(QUOTE) + 1)),
        replace(LINKED, source_id="elders"),
        replace(LINKED, quote="Anders."),
    ],
)
def test_evidence_that_does_not_stand_where_it_says_supports_nothing(evidence: Evidence) -> None:
    assert list(check(evidence).check([Claim(STATEMENT.text, ("bond#1",))])) == []


def test_without_the_original_a_statement_rests_on_its_card() -> None:
    from_card = Evidence("boek", "De bond", STATEMENT.text, None, "bond")
    (checked,) = check(from_card).check([Claim(STATEMENT.text, ("bond#1",))])
    assert checked.citations[0].evidence is from_card


def test_the_same_evidence_keeps_its_number_and_new_evidence_gets_the_next() -> None:
    claims = [
        Claim(STATEMENT.text, ("bond#1",)),
        Claim("“Zij delen kosten en winst.”", ("bron-1",)),
        Claim(STATEMENT.text, ("bond#1",)),
    ]
    numbers = [[citation.number for citation in checked.citations] for checked in check().check(claims)]
    assert numbers == [[1], [2], [1]]
