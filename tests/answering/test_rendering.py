"""Markdown of an answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.rendering import inert, render_claims
from assistant.domain import CheckedClaim, Citation, Claim, ClaimForm, Evidence, Support


def claim(text: str, form: ClaimForm, *numbers: int) -> CheckedClaim:
    evidence = Evidence("bron", "Deel", "…", card_id="kaart")
    citations = tuple(Citation(number, evidence, Support.SUPPORTED) for number in numbers)
    return CheckedClaim(Claim(text, ("kaart#1",), form), citations)


def test_sentences_run_on_and_items_get_lines_of_their_own() -> None:
    claims = [
        claim("Eerst dit.", ClaimForm.PARAGRAPH, 1),
        claim("Dan dat.", ClaimForm.SENTENCE, 1, 2),
        claim("**Een.** Zus.", ClaimForm.NUMBERED, 3),
        claim("**Twee.** Zo.", ClaimForm.NUMBERED, 4),
        claim("Tot slot.", ClaimForm.SENTENCE, 5),
    ]
    assert render_claims(claims) == (
        "Eerst dit. [1] Dan dat. [1][2]\n\n1. **Een.** Zus. [3]\n2. **Twee.** Zo. [4]\n\nTot slot. [5]"
    )


def test_numbering_starts_anew_after_a_sentence() -> None:
    claims = [
        claim("A.", ClaimForm.NUMBERED, 1),
        claim("Los.", ClaimForm.PARAGRAPH, 1),
        claim("B.", ClaimForm.NUMBERED, 1),
    ]
    assert render_claims(claims) == "1. A. [1]\n\nLos. [1]\n\n1. B. [1]"


def test_no_claims_make_no_text() -> None:
    assert render_claims([]) == ""


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Zie <script src=x></script>.", r"Zie \<script src=x>\</script>."),
        ("Een [link](https://example.com) en ![beeld](http://example.com/a.png).",
         r"Een \[link]\(example.com) en !\[beeld]\(example.com/a.png)."),
        ("Klik [hier](javascript:alert(1)).", r"Klik \[hier]\(javascript:alert(1))."),
        ("Bewezen in [3].", r"Bewezen in \[3]."),
        ("Ver\u202eborgen\U000e0041 tekst\u200b.", "Verborgen tekst."),
        ("**Vet.** Minder dan < 5 procent.", "**Vet.** Minder dan < 5 procent."),
        (r"Zie \<img src=x> en \[3].", r"Zie \<img src=x> en \[3]."),
        ("[bron]: javascript:alert(1)", r"\[bron]: javascript:alert(1)"),
        ("Zin[^1] met [bron][b].", r"Zin\[^1] met \[bron]\[b]."),
        ("```mermaid graph LR", "mermaid graph LR"),
        (r"\# Kop", "Kop"),
        ("~~~ code", "code"),
        ("Een `](x)` erbij.", r"Een ]\(x) erbij."),
        ("Mail post@example.com of zie www.example.com.", "Mail post @ example.com of zie www example.com."),
    ],
)  # fmt: skip
def test_what_a_card_says_is_never_active(said: str, shown: str) -> None:
    assert inert(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "http:http:////example.com",
        "hthttp://tp://example.com",
        "ht`tp://example.com",
        "http:www.//example.com",
        "_https://example.com_",
        "1https://example.com",
        "wwwww.w.example.com",
        "whttps://ww.example.com",
        "waaaaaaaaaa://ww.example.com",
        "post`@`example.com",
        "<https://example.com>",
        r"\\<https://example.com>",
        r"\\\[bron](https://example.com)",
        "http\u200b://example.com",
    ],
)
def test_an_address_that_is_taken_apart_is_not_whole_again_by_that(said: str) -> None:
    shown = inert(said)
    assert not re.search(r"://|www\.|\S@\S", shown)
    assert not re.search(r"(?<!\\)(?:\\\\)*(?:\[|<(?=[a-z]))", shown)


@given(st.text(alphabet="htpfw:/.@[]()<!\\`~#a1^ _\u200b\n", max_size=40))
def test_no_text_has_a_link_an_address_a_tag_or_code_left(said: str) -> None:
    shown = inert(said)
    assert not re.search(r"://|www\.|\S@\S|`|\n|^[#>~]", shown)
    assert not re.search(r"(?<!\\)(?:\\\\)*(?:\[|<(?=[a-z/!?]))", shown)
    assert inert(shown.replace("\\", "")) == shown
