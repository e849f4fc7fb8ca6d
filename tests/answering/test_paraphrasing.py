"""Other words for what a statement says, and words that say something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from assistant.answering.citations import CitationCheck
from assistant.answering.paraphrasing import Paraphrases
from assistant.bootstrap import load_engine
from assistant.domain import (
    Card,
    CardKind,
    CardSection,
    Catalogue,
    Claim,
    Evidence,
    Reference,
    SectionRole,
    Source,
    Statement,
)
from assistant.indexing.opening import open_version
from assistant.indexing.versions import IndexFolder
from assistant.settings import Settings

TEXTS = {
    "bond#0": "Calculatief vertrouwen rust op controleerbare informatie, relationeel vertrouwen op ervaring.",
    "bond#1": "De bond van Rochdale begon in 1844 met achtentwintig wevers.",
    "bond#2": "**Winst.** Leden krijgen geen rente, maar een deel van het overschot.",
    "bond#3": "Partners moeten elkaar eerst leren kennen voordat zij een contract tekenen.",
    "bond#4": "Een gezamenlijke ambitie houdt de alliantie bijeen.",
    "bond#5": "Philips was geen lid van de bond.",
}


@pytest.fixture(scope="module")
def check(card_settings: Settings) -> Iterator[CitationCheck]:
    """A check on a card of its own, with what the shipped cards know of words."""
    reference = Reference("jansen", "De bond")
    statements = tuple(Statement(name, text, None, False, (reference,), 12) for name, text in TEXTS.items())
    section = CardSection("Kern", SectionRole.DEFINITION, False, statements)
    card = Card("bond", CardKind.CONCEPT, "De bond", (), None, (), (), (section,))
    evidence = {one.id: (Evidence("jansen", "De bond", one.plain, None, "bond"),) for one in statements}
    source = Source("jansen", ("A. Jansen",), 2004, "Bonden", "", "nl", "", "Jansen 2004", ("De bond",))
    catalogue = Catalogue({"jansen": source}, {"bond": card}, {}, evidence)
    folder = IndexFolder(card_settings.index_folder)
    with closing(open_version(folder, folder.require_current(), load_engine(card_settings))) as opened:
        yield CitationCheck(catalogue, {}, Paraphrases(catalogue, opened.keywords))


def quotes_for(check: CitationCheck, text: str, *cites: int) -> list[str] | None:
    """Return the quotes that prove a claim, or ``None`` if it's withheld."""
    claim = Claim(text, tuple(f"bond#{number}" for number in cites))
    return next(([one.evidence.quote for one in checked.citations] for checked in check.check([claim])), None)


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("Relationeel vertrouwen rust dus op ervaring.", [0]),
        ("In 1844 begon de bond van Rochdale met 28 wevers.", [1]),
        ("De bond begon volgens Jansen met achtentwintig wevers uit Rochdale.", [1]),
        ("De leden krijgen wel een deel van het overschot, maar geen rente.", [2]),
        ("Voordat partners een contract tekenen, moeten zij elkaar leren kennen.", [3]),
        ("Calculatief vertrouwen rust op informatie, en een gezamenlijke ambitie houdt bijeen.", [0, 4]),
    ],
)
def test_what_statements_say_may_be_said_in_other_words(
    check: CitationCheck, text: str, cites: list[int]
) -> None:
    assert quotes_for(check, text, *cites) == [TEXTS[f"bond#{one}"].replace("**", "") for one in cites]


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("De bond van Rochdale begon in 1845 met achtentwintig wevers.", [1]),
        ("De bond van Rochdale begon in 1844 met dertig wevers.", [1]),
        ("De bond van Toyota begon in 1844 met achtentwintig wevers.", [1]),
        ("Philips begon in 1844 met achtentwintig wevers van de bond.", [1]),
        ("Zorbax begon in 1844 met achtentwintig wevers van de bond.", [1]),
        ("Volgens Boonstra begon de bond van Rochdale met achtentwintig wevers.", [1]),
        ("Leden krijgen rente en een deel van het overschot.", [2]),
        ("Een gezamenlijke ambitie houdt de alliantie niet bijeen.", [4]),
        ("Een gezamenlijke ambitie houdt de alliantie altijd bijeen.", [4]),
        ("Relationeel vertrouwen rust op controleerbare informatie, calculatief op ervaring.", [0]),
        ("Een gezamenlijke ambitie houdt de alliantie bijeen. Contracten geven zekerheid.", [4]),
        ("Een gezamenlijke ambitie houdt het toezicht bijeen.", [4]),
        ("Een gezamenlijke ambitie houdt de alliantie bijeen.", [3]),
        ("Een gezamenlijke ambitie houdt de alliantie bijeen.", []),
        ("Een gezamenlijke ambitie houdt de alliantie <b>bijeen</b>.", [4]),
        ("Een gezamenlijke ambitie houdt de alliantie bijeen, zie kwaad.example.", [4]),
        ("Een gezamenlijke ambitie houdt de alliantie bijeen ![](x).", [4]),
        ("Overschot.", [2]),
        ("**Rochdale.** Wevers.", [1]),
        ("Pepermunt een gezamenlijke ambitie houdt de alliantie bijeen.", [4]),
        ("**pepermunt.** Een gezamenlijke ambitie houdt de alliantie bijeen.", [4]),
        ("Houdt een gezamenlijke ambitie de alliantie bijeen?", [4]),
    ],
    ids=[
        "another year", "another number", "another name", "a known name in front", "an unknown one in front",
        "another author", "a denial left out", "a denial put in", "more often than was said",
        "two words that changed places", "a sentence of its own", "another thing", "another citation",
        "no citation", "markup", "an address", "an image",
        "a word picked out", "two words picked out", "a word in front", "a label in front", "a question",
    ],
)  # fmt: skip
def test_what_no_cited_statement_says_is_withheld(check: CitationCheck, text: str, cites: list[int]) -> None:
    assert quotes_for(check, text, *cites) is None


def test_a_citation_that_says_nothing_of_a_claim_is_left_out(check: CitationCheck) -> None:
    assert quotes_for(check, "Relationeel vertrouwen rust dus op ervaring.", 0, 1) == [TEXTS["bond#0"]]
