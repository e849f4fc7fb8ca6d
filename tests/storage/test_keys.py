"""Secrets: unguessable, and for a person to type as it comes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.keys import hash_of, looks_like_key, new_code, new_key, read_code

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODES = st.lists(st.text(_ALPHABET, min_size=4, max_size=4), min_size=7, max_size=7).map("-".join)
_MISTAKES = {"0": "0Oo", "1": "1IiLl"}


@st.composite
def _codes_as_typed(draw: st.DrawFn) -> tuple[str, str]:
    code = draw(_CODES)
    typed = ""
    for sign in code:
        if sign == "-":
            typed += draw(st.sampled_from(["-", "", " ", "–", " - ", "\n"]))
        else:
            typed += draw(st.sampled_from(_MISTAKES.get(sign, sign + sign.lower())))
    return code, draw(st.sampled_from(["", " ", "\t"])) + typed


@given(_codes_as_typed())
def test_a_code_is_read_in_any_case_with_or_without_hyphens_and_with_misread_signs(
    pair: tuple[str, str],
) -> None:
    code, typed = pair

    assert read_code(typed) == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_as_it_was_given_out_or_none(typed: str) -> None:
    code = read_code(typed)

    assert code is None or re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", code)


@given(st.data())
def test_another_sign_makes_another_code(data: st.DataObject) -> None:
    code = data.draw(_CODES)
    position = data.draw(st.sampled_from([i for i, sign in enumerate(code) if sign != "-"]))
    other = data.draw(st.sampled_from([sign for sign in _ALPHABET if sign != code[position]]))

    assert read_code(code[:position] + other + code[position + 1 :]) not in {code, None}


def test_a_code_has_140_bits_in_groups_of_four_and_no_sign_that_is_misread() -> None:
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", new_code())


def test_a_key_has_128_bits_and_can_stand_in_a_link() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", new_key())
    assert len({new_key() for _ in range(1000)}) == 1000


def test_only_what_could_be_a_key_is_looked_up() -> None:
    assert looks_like_key(new_key())
    assert not any(
        looks_like_key(text) for text in ["", "x" * 32, "a" * 31, "\x00" * 32, new_key().upper() + "0"]
    )


def test_a_hash_is_made_of_any_text_even_of_half_a_character() -> None:
    assert len(hash_of("\ud800")) == len(hash_of("")) == 32
