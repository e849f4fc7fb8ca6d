"""Citations that are what they say, and ones that aren't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain import Answer, Catalogue, Citation, Evidence, Question, Span, Support, outcome_of
from evals.bench import Bench
from evals.measures.citing import is_exact, measure_citations
from tests.evals.measures.outcomes import answered
from tests.fakes import TEXT, a_catalogue

ASKED = "Wat is het verschil tussen calculatief en relationeel vertrouwen?"
QUOTED = Citation(1, Evidence("met-tekst", "Groei", TEXT[:24], Span(0, 24), "vertrouwen"), Support.QUOTED)
STATED = Citation(
    2, Evidence("met-tekst", "Groei", "Vertrouwen groeit langzaam.", None, "vertrouwen"), Support.SUPPORTED
)


@pytest.fixture
def catalogue() -> Catalogue:
    return a_catalogue()


def altered(citation: Citation, **changes: object) -> Citation:
    return replace(citation, evidence=replace(citation.evidence, **changes))  # type: ignore[arg-type]


def asked(bench: Bench) -> Answer:
    outcome = outcome_of(bench.assistant.ask(Question(ASKED)))
    assert isinstance(outcome, Answer)
    return outcome


def test_a_quote_is_exact_where_its_span_holds_it_or_its_card_says_it(catalogue: Catalogue) -> None:
    assert is_exact(QUOTED, catalogue)
    assert is_exact(STATED, catalogue)


@pytest.mark.parametrize(
    "citation",
    [
        altered(QUOTED, quote="Vertrouwen groeit snel."),
        altered(QUOTED, quote=TEXT[:24].lower()),
        altered(QUOTED, span=Span(1, 25)),
        altered(QUOTED, span=Span(0, 23)),
        altered(QUOTED, span=None),
        altered(STATED, quote="Vertrouwen groeit snel."),
        altered(STATED, card_id="brug"),
        altered(STATED, card_id=None),
    ],
)
def test_a_quote_that_is_altered_or_misplaced_is_not_exact(catalogue: Catalogue, citation: Citation) -> None:
    assert not is_exact(citation, catalogue)


def test_claims_without_citations_and_inexact_quotes_are_counted(catalogue: Catalogue) -> None:
    whole = replace(answered(), citations=(QUOTED, STATED))
    first, second = whole.claims
    bare = replace(
        whole,
        claims=(first, replace(second, citations=())),
        citations=(altered(QUOTED, quote="Anders."), STATED),
    )
    found = measure_citations([whole, bare], catalogue)
    assert (found.claims, found.uncited) == (4, 1)
    assert (found.citations, found.inexact) == (4, 1)


def test_no_answers_have_no_claims(catalogue: Catalogue) -> None:
    found = measure_citations([], catalogue)
    assert (found.claims, found.uncited, found.citations, found.inexact) == (0, 0, 0, 0)


def test_a_real_answer_is_cited_and_exact_until_a_letter_of_a_quote_changes(bench: Bench) -> None:
    answer, texts = asked(bench), bench.opened.catalogue
    found = measure_citations([answer], texts)
    assert found.claims > 0
    assert found.citations > 0
    assert (found.uncited, found.inexact) == (0, 0)
    first, *rest = answer.citations
    changed = altered(first, quote=first.evidence.quote[:-2] + "?" + first.evidence.quote[-1])
    assert measure_citations([replace(answer, citations=(changed, *rest))], texts).inexact == 1
