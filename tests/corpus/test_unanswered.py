"""The shipped list of questions that the texts don't answer: nothing twice, nothing that is answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest

from assistant.corpus.cards import read_cards
from assistant.corpus.manifest import read_headings, read_manifest, read_unanswered
from assistant.domain import Card
from assistant.settings import read_settings
from evals.items import DATA, Items, read_items

CORPUS = read_settings().corpus
LISTED = read_unanswered(CORPUS / "unanswered.yaml")


@pytest.fixture(scope="module")
def cards() -> tuple[Card, ...]:
    manifest = read_manifest(CORPUS / "sources.yaml")
    return read_cards(CORPUS / "cards", manifest, read_headings(CORPUS / "headings.yaml"))


def plain(question: str) -> str:
    """Return the words alone, in small letters."""
    return " ".join(re.findall(r"\w+", question.casefold()))


def asked_in(items: Items) -> Iterator[str]:
    for listed in (items.answerable, items.unanswerable, items.twins, items.attacks):
        yield from (item.question for item in listed)
    for follow_up in items.follow_ups:
        yield from (*follow_up.before, follow_up.question, follow_up.standalone)


def test_every_kind_of_gap_has_questions_and_every_question_has_words() -> None:
    assert [missing for missing, questions in LISTED.items() if not missing.strip() or not questions] == []
    assert [question for question in chain(*LISTED.values()) if len(plain(question).split()) < 2] == []


def test_no_question_is_listed_twice() -> None:
    counts = Counter(plain(question) for question in chain(*LISTED.values()))
    assert counts.total() > 500
    assert [question for question, count in counts.items() if count > 1] == []


def test_no_question_is_one_that_a_card_answers(cards: tuple[Card, ...]) -> None:
    answered = {plain(question) for card in cards for question in card.questions}
    sections = [section.phrasings for card in cards for section in card.sections]
    statements = [statement.phrasings for card in cards for statement in card.statements]
    phrased = {plain(one) for one in chain.from_iterable(sections + statements)}
    assert phrased
    assert [one for one in chain(*LISTED.values()) if plain(one) in answered | phrased] == []


@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_question_is_one_that_is_measured_with(split: str) -> None:
    measured = {plain(question) for question in asked_in(read_items(DATA / split))}
    assert [one for one in chain(*LISTED.values()) if plain(one) in measured] == []
