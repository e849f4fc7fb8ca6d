"""Ids of organisations."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.models import ID_LENGTH
from assistant.storage.naming import organisation_ids, slug

_NAMES = st.lists(st.text(min_size=1, max_size=200), max_size=12, unique=True)


def test_an_id_is_a_slug_of_the_name() -> None:
    assert slug("Café Zuid-West B.V. (regio Één)") == "cafe-zuid-west-b-v-regio-een"


def test_names_that_look_alike_get_ids_of_their_own() -> None:
    assert organisation_ids(["A & B", "A-B", "a b"], {}) == ("a-b", "a-b-2", "a-b-3")


def test_a_name_without_latin_letters_gets_an_id_too() -> None:
    assert organisation_ids(["東京", "大阪"], {}) == ("partner", "partner-2")


def test_a_known_name_keeps_its_id_and_a_new_one_never_takes_it() -> None:
    assert organisation_ids(["a b", "A & B"], {"A & B": "a-b"}) == ("a-b-2", "a-b")


@given(_NAMES, _NAMES)
def test_ids_are_short_unique_and_stable_over_rounds(first: list[str], second: list[str]) -> None:
    before = dict(zip(first, organisation_ids(first, {}), strict=True))
    after = dict(zip(second, organisation_ids(second, before), strict=True))

    for ids in (before, after, before | after):
        assert len(set(ids.values())) == len(ids)
    assert all(
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_) and len(id_) <= ID_LENGTH for id_ in after.values()
    )
    assert all(after[name] == before[name] for name in before.keys() & after.keys())
