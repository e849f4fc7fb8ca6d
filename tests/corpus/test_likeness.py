"""How words compare."""

from __future__ import annotations

from assistant.corpus.likeness import Reader, Term, Wordings

READER = Reader()
SENTENCES = [
    "Vertrouwen groeit langzaam in Delft.",
    "De brug kostte 35 miljoen.",
    "De brug is open.",
    "De weg.",
]


def wordings() -> Wordings:
    return Wordings(READER.terms(sentence) for sentence in SENTENCES)


def term(word: str) -> Term:
    (found,) = READER.terms(f"x {word}")[1:]
    return found


def stems(sentence: str) -> set[str]:
    return {found.stem for found in READER.terms(sentence)}


def test_inflections_are_the_same_word() -> None:
    assert wordings().match(term("bruggen"), stems("De brug is open.")) == 1.0


def test_compounds_are_related() -> None:
    held = wordings().match(term("vertrouwensband"), stems(SENTENCES[0]))
    assert 0.5 <= held < 1.0


def test_other_words_are_not_related() -> None:
    assert wordings().match(term("sluiswachter"), stems(SENTENCES[0])) == 0.0


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    assert wordings().weight(term("vertrouwen")) > wordings().weight(term("de"))


def test_names_and_numbers_count_extra() -> None:
    found = wordings()
    assert found.weight(term("Delft")) > found.weight(term("langzaam"))
    assert found.weight(term("35")) > found.weight(term("miljoen"))
    assert found.weight(term("36")) > found.weight(term("zesendertig"))


def test_the_first_capital_of_a_sentence_is_no_name() -> None:
    assert [found.is_name for found in READER.terms("Vertrouwen groeit in Delft")] == [
        False,
        False,
        False,
        True,
    ]
