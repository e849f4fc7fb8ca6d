"""A cite names exactly one statement, or says why it doesn't."""

from __future__ import annotations

import pytest

from assistant.coach.cites import Cites
from assistant.domain import Card, CardKind, CardSection, SectionRole, Statement


def _card(*texts: str) -> Card:
    statements = tuple(
        Statement(f"brug#{number}", text, None, False, (), 1) for number, text in enumerate(texts, start=1)
    )
    section = CardSection("Kern", SectionRole.DEFINITION, False, statements)
    return Card("brug", CardKind.CONCEPT, "Brug", (), None, (), (), (section,))


CITES = Cites({"brug": _card("**Boog.** Een brug verbindt twee oevers.", "Een brug draagt\nverkeer.")})


def test_a_cite_gives_the_statement_that_has_its_words() -> None:
    assert CITES.resolve("brug | draagt verkeer") == "brug#2"


def test_words_are_found_without_the_marks_of_a_lead() -> None:
    assert CITES.resolve("brug | Boog. Een brug") == "brug#1"


@pytest.mark.parametrize(
    ("cite", "reason"),
    [
        ("brug", "isn't '<card id> | <words>'"),
        ("brug | ", "isn't '<card id> | <words>'"),
        ("tunnel | verbindt", "no card 'tunnel'"),
        ("brug | zweeft", "no statement has"),
        ("brug | Een brug", "2 statements have"),
    ],
)
def test_a_cite_that_names_no_single_statement_says_why(cite: str, reason: str) -> None:
    with pytest.raises(ValueError, match="cite: ") as caught:
        CITES.resolve(cite)
    assert reason in str(caught.value)
