"""Keys of nuggets: what they find, and what they leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.items import Nugget
from evals.judging.nuggets import fold, found, holds, sentences

WORDS = st.text(st.sampled_from("abcdeghiklmnoprstuvwz"), min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


def nugget(*keys: str) -> Nugget:
    return Nugget(text="Een brug verbindt twee oevers.", keys=keys)


def is_found(key: str, text: str) -> bool:
    return holds(nugget(key), [text])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("brug", "Bruggen verbinden."),
        ("brug", "De BRUG is open."),
        ("brug", "Een (brug)."),
        ("brug|veer", "Het veerpont vaart."),
        ("*brug", "De ophaalbruggen staan open."),
        ("brug!", "Over de brug!"),
        ("*brug!", "De ophaalbrug staat open."),
        ("coördin", "Zij coordineren het."),
        ("coordin", "Wie coördineert?"),
        ("coördin", "Wie coo\u0308rdineert?"),
        ("één", "Er is er een."),
        ("foto's", "Er hangen foto’s."),
        ("1844", "In 1844 ging de winkel open."),
        ("30 %", "Dat is 30 % van de oevers."),
        ("1844|1845", "Het was in 1845."),
        ("twee oever", "Tussen twee oevers."),
        ("leidend partner", "Het leidende-partnermodel."),
        ("wit steen", "Van witte, steenharde brokken."),
        (" brug | veer ", "De brug."),
        ("c++", "In C++ geschreven."),
    ],
)
def test_a_key_finds_what_begins_with_it(key: str, text: str) -> None:
    assert is_found(key, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("brug", "De ophaalbrug staat open."),
        ("brug!", "De bruggen staan open."),
        ("*brug!", "De ophaalbruggen staan open."),
        ("184", "In 1844 ging de winkel open."),
        ("844", "In 1844 ging de winkel open."),
        ("twee oever", "Twee lage oevers."),
        ("twee oever", "De oevers zijn met z'n twee."),
        ("brug|veer", "Zij zwemmen naar de overkant."),
        ("a.b", "Van a tot b: axb."),
    ],
)
def test_a_key_leaves_what_only_looks_like_it(key: str, text: str) -> None:
    assert not is_found(key, text)


@given(WORDS, SENTENCES, SENTENCES, WORDS)
def test_a_word_is_found_by_its_beginning_wherever_it_stands(
    word: str, before: str, after: str, end: str
) -> None:
    assert is_found(word, f"{before} {word}{end} {after}".upper())


@given(WORDS, SENTENCES)
def test_a_word_within_another_is_found_by_a_key_with_a_star_only(word: str, text: str) -> None:
    inside = f"{text} y{word}y"
    assert is_found(f"*{word}", inside)
    assert is_found(word, inside) == any(one.startswith(word) for one in text.split())


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_is_found_whole_or_not_at_all(number: int, other: int) -> None:
    assert is_found(str(number), f"Er waren {other} bruggen.") == (number == other)


def test_all_keys_of_a_nugget_are_needed() -> None:
    both = nugget("brug", "oever")
    assert holds(both, ["De brug ligt tussen twee oevers."])
    assert not holds(both, ["De brug ligt er."])


def test_keys_may_be_spread_over_two_sentences_that_follow_each_other() -> None:
    both = nugget("brug", "oever")
    assert holds(both, ["Er ligt een brug.", "De oevers zijn laag."])
    assert holds(both, ["De zon schijnt.", "De oevers zijn laag.", "Er ligt een brug."])


def test_keys_that_are_a_sentence_further_apart_say_nothing_together() -> None:
    assert not holds(
        nugget("brug", "oever"), ["Er ligt een brug.", "De zon schijnt.", "De oevers zijn laag."]
    )


@given(st.integers(0, 5), st.integers(0, 5))
def test_only_neighbours_share_a_window(first: int, second: int) -> None:
    said = ["Niets."] * 6
    said[first] += " brug"
    said[second] += " oever"
    assert holds(nugget("brug", "oever"), said) == (abs(first - second) < 2)


def test_an_empty_answer_holds_nothing() -> None:
    assert found([nugget("brug")], "") == ()
    assert sentences(" \n\n ") == []


def test_the_nuggets_that_are_found_come_in_their_own_order() -> None:
    listed = [nugget("oever"), nugget("tunnel"), nugget("brug")]
    assert found(listed, "De brug ligt er. De oevers zijn laag.") == (listed[0], listed[2])


def test_marks_bullets_numbers_and_bold_are_no_part_of_a_sentence() -> None:
    markdown = (
        "Een brug heeft **twee** oevers. [1][2] Hij is van steen. [3]\n\n"
        "- __Pijler.__ Staat in het water. [4]\n"
        "* Dek [12]\n\n"
        "1. Eerst de pijlers\n"
        "2. Dan het dek"
    )
    assert sentences(markdown) == [
        "Een brug heeft twee oevers.",
        "Hij is van steen.",
        "Pijler.",
        "Staat in het water.",
        "Dek",
        "Eerst de pijlers",
        "Dan het dek",
    ]


def test_a_mark_between_two_words_does_not_keep_them_apart() -> None:
    assert found([nugget("twee oever")], "Er zijn **twee** [3] oevers.") != ()


@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_bullets_with_marks_say_what_the_plain_sentences_say(listed: list[str]) -> None:
    plain = [f"{sentence}." for sentence in listed]
    marked = "\n".join(f"- **{sentence}** [{at}]" for at, sentence in enumerate(plain, start=1))
    assert sentences(marked) == sentences(" ".join(plain)) == plain


@given(st.text(st.characters(max_codepoint=0x17F)))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
