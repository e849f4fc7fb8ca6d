"""The use cases of conversations, over real cards and a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from assistant.bootstrap import Assistant
from assistant.bootstrap.conversations import Conversations, read_feedback
from assistant.domain import Answer, Ending, Feedback, KeptExchange, Question, Verdict, outcome_of
from assistant.errors import QuestionTooLong, UnknownKey
from assistant.settings import Settings
from assistant.storage import Storage
from tests.storage.talking import ANNA, BRAM, exchange

QUESTION = "Wat is het verschil tussen calculatief en relationeel vertrouwen?"


@pytest.fixture
def settings(card_settings: Settings, tmp_path: Path) -> Settings:
    return card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'gesprekken.db'}"})


@pytest.fixture
def storage(settings: Settings) -> Iterator[Storage]:
    with closing(Storage.open(settings.storage_url)) as opened:
        yield opened


@pytest.fixture
def conversations(settings: Settings, from_cards: Assistant, storage: Storage) -> Conversations:
    return Conversations(settings, from_cards, storage)


@pytest.fixture(scope="module")
def answered(from_cards: Assistant) -> KeptExchange:
    """An answer of the assistant's, as a page keeps it."""
    answer = outcome_of(from_cards.ask(Question(QUESTION)))
    assert isinstance(answer, Answer)
    return KeptExchange(
        answer.id,
        QUESTION,
        Ending.ANSWERED,
        answer.markdown,
        answer.claims,
        answer.citations,
        answer.follow_ups,
        answer.notices,
        answer.question.filters,
        answer.engine,
        from_cards.status().index_version or "",
    )


def test_an_answer_comes_back_with_its_citations_and_a_title_from_the_question(
    conversations: Conversations, answered: KeptExchange
) -> None:
    id_ = conversations.keep(ANNA, answered)
    found = conversations.conversation(ANNA, id_)

    assert found.exchanges == (answered,)
    assert found.title == "Wat is het verschil tussen calculatief en relationeel…"
    assert [one.title for one in conversations.listed(ANNA, "RELATIONEEL verschil")] == [found.title]


def test_a_renamed_conversation_never_gets_a_blank_title(conversations: Conversations) -> None:
    coached = KeptExchange("0" * 32, "", Ending.COACHED, "")
    id_ = conversations.keep(ANNA, coached, "Health check")
    conversations.rename(ANNA, id_, " \n ")
    assert conversations.conversation(ANNA, id_).title == "Health check"

    conversations.keep(ANNA, exchange("Wat nu?"), "", id_)
    conversations.rename(ANNA, id_, "\x00 Onze\nafspraken ")
    assert conversations.conversation(ANNA, id_).title == "Onze afspraken"
    conversations.rename(ANNA, id_, "x" * 201)
    assert conversations.conversation(ANNA, id_).title == "Wat nu?"


def test_a_conversation_becomes_a_file_with_question_answer_and_sources(
    conversations: Conversations, answered: KeptExchange
) -> None:
    id_ = conversations.keep(ANNA, answered, "Vertrouwen")

    title, markdown = conversations.file(ANNA, id_, "md")
    _, word = conversations.file(ANNA, id_, "docx")

    assert title == "Vertrouwen"
    for shown in (markdown.decode(), ZipFile(BytesIO(word)).read("word/document.xml").decode()):
        assert QUESTION in shown
        assert "Calculatief vertrouwen" in shown
        assert "Jansen" in shown


def test_what_a_reader_thinks_is_kept_readable_and_for_the_curator(
    conversations: Conversations, settings: Settings, answered: KeptExchange
) -> None:
    id_ = conversations.keep(ANNA, answered)
    reasons = ("bron", "bron", "<b>", "x" * 41, *(f"reden-{number}" for number in range(20)))
    conversations.rate(ANNA, answered.id, Feedback(Verdict.WRONG, reasons, " Dat\r\nklopt\x00 niet "))

    kept = ("bron", *(f"reden-{number}" for number in range(9)))
    expected = Feedback(Verdict.WRONG, kept, "Dat\nklopt niet")
    assert conversations.conversation(ANNA, id_).feedback == ((answered.id, expected),)
    (given,) = read_feedback(settings, Verdict.WRONG)
    assert (given.feedback, given.exchange) == (expected, answered)
    assert read_feedback(settings, Verdict.HELPFUL) == ()

    conversations.unrate(ANNA, answered.id)
    assert read_feedback(settings) == ()


def test_a_remark_that_is_too_long_is_refused_and_nothing_is_kept(
    conversations: Conversations, answered: KeptExchange
) -> None:
    id_ = conversations.keep(ANNA, answered)
    with pytest.raises(QuestionTooLong):
        conversations.rate(ANNA, answered.id, Feedback(Verdict.WRONG, (), "x" * 2001))
    assert conversations.conversation(ANNA, id_).feedback == ()


_VERBS: dict[str, Callable[[Conversations, str, str], object]] = {
    "conversation": lambda conversations, id_, answer: conversations.conversation(BRAM, id_),
    "keep": lambda conversations, id_, answer: conversations.keep(BRAM, exchange(), "", id_),
    "rename": lambda conversations, id_, answer: conversations.rename(BRAM, id_, "Van mij"),
    "erase": lambda conversations, id_, answer: conversations.erase(BRAM, id_),
    "docx": lambda conversations, id_, answer: conversations.file(BRAM, id_, "docx"),
    "md": lambda conversations, id_, answer: conversations.file(BRAM, id_, "md"),
    "rate": lambda conversations, id_, answer: conversations.rate(BRAM, answer, Feedback(Verdict.WRONG)),
    "unrate": lambda conversations, id_, answer: conversations.unrate(BRAM, answer),
}


@pytest.mark.parametrize("verb", _VERBS)
def test_nothing_can_be_done_with_what_is_anothers(
    conversations: Conversations, answered: KeptExchange, verb: str
) -> None:
    conversations.keep(BRAM, exchange())
    id_ = conversations.keep(ANNA, answered)
    conversations.rate(ANNA, answered.id, Feedback(Verdict.HELPFUL))
    before = conversations.conversation(ANNA, id_)

    told = []
    for ids in ((id_, answered.id), ("0" * 32, "0" * 32), ("\x00", "\ud800")):
        with pytest.raises(UnknownKey) as caught:
            _VERBS[verb](conversations, *ids)
        told.append(caught.value.details)

    assert told[0] == told[1] == told[2]
    assert conversations.conversation(ANNA, id_) == before
    assert conversations.erase_all(BRAM) == 1
    assert conversations.conversation(ANNA, id_) == before


def _tell(moment: datetime) -> datetime:
    return moment


def test_what_is_quiet_for_longer_than_the_retention_period_is_erased(
    settings: Settings, from_cards: Assistant, storage: Storage
) -> None:
    careful = settings.model_copy(update={"retention_days": 30})
    long_ago, recently = (datetime.now(UTC) - timedelta(days=days) for days in (32, 5))
    kept = []
    for moment in (long_ago, recently):
        with closing(Storage.open(settings.storage_url, now=partial(_tell, moment))) as earlier:
            kept.append(earlier.conversations.keep(ANNA, exchange(), "Stil"))

    forgetful = Conversations(settings, from_cards, storage)
    forgetful.keep(ANNA, exchange())
    assert len(forgetful.listed(ANNA)) == 3

    opened = Conversations(careful, from_cards, storage)
    with pytest.raises(UnknownKey):
        opened.conversation(ANNA, kept[0])
    assert opened.conversation(ANNA, kept[1])


def test_a_server_that_runs_for_days_goes_on_erasing_what_is_quiet(
    settings: Settings, from_cards: Assistant, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful = Conversations(settings.model_copy(update={"retention_days": 30}), from_cards, storage)
    long_ago = datetime.now(UTC) - timedelta(days=32)
    with closing(Storage.open(settings.storage_url, now=lambda: long_ago)) as earlier:
        quiet = earlier.conversations.keep(ANNA, exchange(), "Stil")

    careful.keep(ANNA, exchange())
    assert careful.conversation(ANNA, quiet)

    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    monkeypatch.setattr("assistant.bootstrap.conversations._today", lambda: tomorrow)
    careful.keep(ANNA, exchange())
    with pytest.raises(UnknownKey):
        careful.conversation(ANNA, quiet)


def test_the_exchange_that_replaces_another_is_the_one_that_is_exported(
    conversations: Conversations, answered: KeptExchange
) -> None:
    first = exchange("Verkeerd gevraagd")
    id_ = conversations.keep(ANNA, first)
    conversations.keep(ANNA, replace(answered, question="Goed gevraagd"), "", id_, first.id)

    _, markdown = conversations.file(ANNA, id_, "md")
    assert "Goed gevraagd" in markdown.decode()
    assert "Verkeerd gevraagd" not in markdown.decode().partition("\n")[2]
