"""The judge without a model: clear cases, numbers, and what it says with no evidence at all."""

from __future__ import annotations

import pytest

from evals.bench import Bench
from evals.items import Nugget
from evals.judging.judge import Judge
from evals.judging.support import PARTLY_FROM, SUPPORTED_FROM, WordSupport
from evals.judging.verdicts import Support
from evals.judging.words import WordJudge

QUOTE = (
    "Calculatief vertrouwen rust op controleerbare informatie, zoals reputatie en diploma's, "
    "en op een afweging van contracten."
)


@pytest.fixture(scope="module")
def support(card_bench: Bench) -> WordSupport:
    return WordSupport(card_bench.opened.catalogue)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (QUOTE, Support.SUPPORTED),
        ("Calculatief vertrouwen rust op reputatie en diploma's.", Support.SUPPORTED),
        ("Bij calculatief vertrouwen hoort een afweging van contracten.", Support.SUPPORTED),
        ("Rederijen richtten samen een handelscompagnie op.", Support.UNSUPPORTED),
        ("Jongeren verwachten dat bedrijven het klimaat beschermen.", Support.UNSUPPORTED),
    ],
)
def test_clear_cases_are_judged_as_a_reader_would(support: WordSupport, claim: str, verdict: Support) -> None:
    assert support.judge(claim, [QUOTE]) is verdict


def test_a_claim_of_which_the_evidence_has_a_part_is_supported_partly(support: WordSupport) -> None:
    claim = "Vertrouwen rust op reputatie, maar de alliantiemanager moet als strateeg wendbaar blijven."
    assert PARTLY_FROM <= support.compare(claim, [QUOTE]).shared < SUPPORTED_FROM
    assert support.judge(claim, [QUOTE]) is Support.PARTLY


def test_quotes_are_taken_together(support: WordSupport) -> None:
    claim = "Pioniers in Rochdale openden een winkel en verdeelden de opbrengst onder de leden."
    quotes = ["In Rochdale openden pioniers een winkel.", "De leden verdeelden de opbrengst."]
    alone = [support.compare(claim, [quote]).shared for quote in quotes]
    assert support.compare(claim, quotes).shared > max(alone)
    assert support.judge(claim, quotes) is Support.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("De alliantie kent vier fasen.", "De alliantie kent 4 fasen."),
        ("De alliantie kent 4 fasen.", "De alliantie kent vier fasen."),
        ("Twintig leden tekenden de overeenkomst.", "De overeenkomst is getekend door 20 leden."),
        ("De helft van de allianties mislukt.", "Van alle allianties mislukt de helft."),
        ("In 1844 begon de alliantie.", "De alliantie begon in 1844, met 28 leden."),
        ("Het aandeel is 2,5 procent.", "Het aandeel bedraagt 2,5 procent."),
    ],
)
def test_a_number_may_stand_in_figures_or_in_words(support: WordSupport, claim: str, quote: str) -> None:
    assert support.compare(claim, [quote]).has_numbers
    assert support.judge(claim, [quote]) is Support.SUPPORTED


def test_numbers_may_stand_in_different_quotes(support: WordSupport) -> None:
    claim = "In 1844 begonnen 28 leden."
    assert support.compare(claim, ["De winkel begon in 1844.", "Er waren 28 leden."]).has_numbers
    assert not support.compare(claim, ["De winkel begon in 1844."]).has_numbers


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("De alliantie kent vijf fasen.", "De alliantie kent vier fasen."),
        ("De alliantie kent 5 fasen.", "De alliantie kent fasen."),
        ("In 1844 begon de alliantie.", "In 1845 begon de alliantie."),
        ("Het aandeel is 2,5 procent.", "Het aandeel is 25 procent."),
    ],
)
def test_another_number_is_not_supported_however_alike_the_rest_is(
    support: WordSupport, claim: str, quote: str
) -> None:
    assert not support.compare(claim, [quote]).has_numbers
    assert support.judge(claim, [quote]) is Support.UNSUPPORTED


def test_no_evidence_supports_nothing(support: WordSupport) -> None:
    assert support.judge("Vertrouwen groeit.", []) is Support.UNSUPPORTED
    assert support.judge("", []) is Support.UNSUPPORTED


def test_every_statement_of_a_card_supports_itself(card_bench: Bench, support: WordSupport) -> None:
    for card in card_bench.opened.catalogue.cards.values():
        for statement in card.statements:
            assert support.judge(statement.plain, ["Iets anders.", statement.plain]) is Support.SUPPORTED


def test_hardly_any_statement_is_supported_by_one_from_another_card(
    card_bench: Bench, support: WordSupport
) -> None:
    statements = [next(card.statements).plain for card in card_bench.opened.catalogue.cards.values()]
    pairs = list(zip(statements, [*statements[37:], *statements[:37]], strict=True))
    carried = [pair for pair in pairs if support.judge(pair[0], [pair[1]]) is Support.SUPPORTED]
    assert len(carried) <= 0.05 * len(pairs), carried


def test_the_judge_by_words_reads_nuggets_by_their_keys_and_claims_by_their_wording(
    support: WordSupport,
) -> None:
    judge: Judge = WordJudge(support)
    nugget = Nugget(text="reputatie en diploma's", keys=("reputatie", "diploma"))
    assert judge.name == "words"
    assert judge.holds(nugget, f"- **Vertrouwen.** {QUOTE} [1]")
    assert not judge.holds(nugget, "Vertrouwen rust op reputatie. [1]")
    assert judge.supports(QUOTE, [QUOTE]) is Support.SUPPORTED
    assert judge.supports(QUOTE, ["De winkel in Rochdale ging open."]) is Support.UNSUPPORTED
