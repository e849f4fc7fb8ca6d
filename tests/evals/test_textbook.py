"""Splits of a fixed size, on the cards and on the originals."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.domain import Catalogue, Document, DocumentSection, OffsetRun, Reference, Span
from evals.bench import Bench
from evals.textbook import Split, split_like_a_textbook
from tests.fakes import a_catalogue

FIRST, SECOND = Reference("met-tekst", "Eerst"), Reference("met-tekst", "Dan")


@pytest.fixture
def splits(bench: Bench) -> list[Split]:
    return split_like_a_textbook(bench.opened.catalogue)


def document(text: str, *sections: DocumentSection) -> Catalogue:
    made = Document("met-tekst", text, sections, (OffsetRun(0, 0, len(text)),))
    return replace(a_catalogue(), documents={made.source_id: made})


def sentences(count: int, word: str) -> str:
    return " ".join(f"{word} nummer {number} staat hier." for number in range(count))


def test_no_split_is_longer_than_a_thousand_characters(splits: list[Split]) -> None:
    assert len(splits) > 50
    assert max(len(split.text) for split in splits) <= 1000
    assert sum(len(split.text) > 500 for split in splits) > len(splits) / 2


def test_every_split_lies_in_a_section_of_the_bibliography_or_more(bench: Bench, splits: list[Split]) -> None:
    sources = bench.opened.catalogue.sources
    for split in splits:
        assert split.sections, split.text
        assert len(set(split.sections)) == len(split.sections)
        assert all(one.section in sources[one.source_id].sections for one in split.sections)


@pytest.mark.originals
def test_with_the_originals_every_split_is_a_piece_of_a_text_and_nothing_is_left_out(
    original_bench: Bench,
) -> None:
    catalogue = original_bench.opened.catalogue
    splits = split_like_a_textbook(catalogue)
    for source, made in catalogue.documents.items():
        pieces = [split.text for split in splits if split.sections[0].source_id == source]
        assert all(piece in made.text for piece in pieces)
        assert {word for piece in pieces for word in piece.split()} == set(made.text.split())


def test_of_the_cards_every_statement_is_in_a_split_that_lies_in_what_it_cites(card_bench: Bench) -> None:
    catalogue = card_bench.opened.catalogue
    splits = split_like_a_textbook(catalogue)
    for card in list(catalogue.cards.values())[::20]:
        for statement in card.statements:
            holding = [split for split in splits if statement.plain in split.text]
            assert any(set(statement.references) <= set(split.sections) for split in holding), statement.id


def test_splits_that_follow_each_other_share_at_most_two_hundred_characters() -> None:
    text = sentences(200, "Brug")
    splits = split_like_a_textbook(document(text, DocumentSection("Eerst", Span(0, len(text)))))
    places = [(text.index(split.text), len(split.text)) for split in splits]
    assert len(splits) > 3
    for (start, length), (following, _) in pairwise(places):
        assert start < following
        assert 0 < start + length - following <= 200


def test_a_split_over_two_sections_lies_in_both_the_longest_part_first() -> None:
    first, second = sentences(3, "Brug"), sentences(12, "Veer")
    text = f"{first} {second}"
    (split,) = split_like_a_textbook(
        document(
            text,
            DocumentSection("Eerst", Span(0, len(first))),
            DocumentSection("Dan", Span(len(first) + 1, len(text))),
        )
    )
    assert split == Split(text, (SECOND, FIRST))


def test_a_split_that_ends_where_a_section_begins_does_not_lie_in_it() -> None:
    first, second = sentences(35, "Brug"), sentences(35, "Veer")
    text = f"{first}\n\n{second}"
    assert len(first) < 1000 < len(text)
    splits = split_like_a_textbook(
        document(
            text,
            DocumentSection("Eerst", Span(0, len(first))),
            DocumentSection("Dan", Span(len(first), len(text))),
        )
    )
    assert [split.sections for split in splits] == [(FIRST,), (SECOND,)]


def test_without_originals_the_cards_are_split() -> None:
    (split,) = split_like_a_textbook(replace(a_catalogue(), documents={}))
    assert split.text == "Vertrouwen\n\nKern\n\nVertrouwen groeit langzaam."
    assert split.sections == (Reference("met-tekst", "Groei"),)


def test_a_split_of_a_card_lies_in_what_its_own_statements_cite_and_no_more() -> None:
    known = a_catalogue()
    (card,) = known.cards.values()
    (core,) = card.sections
    (statement,) = core.statements
    long = tuple(
        replace(statement, text=sentences(30, word), references=(reference,))
        for word, reference in (("Brug", FIRST), ("Veer", SECOND))
    )
    changed = replace(card, sections=(replace(core, statements=long),))
    splits = split_like_a_textbook(replace(known, documents={}, cards={card.id: changed}))
    assert [split.sections for split in splits if "nummer" in split.text] == [(FIRST,), (SECOND,)]


def test_nothing_to_split_gives_no_splits() -> None:
    assert split_like_a_textbook(replace(a_catalogue(), documents={}, cards={})) == []
