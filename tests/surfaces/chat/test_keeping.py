"""Conversations that are there at the next visit, over a real database."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.domain import Answer, Conversation, Ending, Feedback, Filters, Question, Verdict
from assistant.errors import UnknownKey
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import (
    Exchange,
    Talk,
    View,
    converse,
    fail,
    id_of,
    rewound,
    session_of,
    stop,
)
from assistant.surfaces.chat.keeping import Keeper
from tests.surfaces.chat.scripted import CLAIMS, FIRST, PASSAGE
from tests.surfaces.chat.talking import ANOTHER, QUESTION, VISITOR, asked, last_view

VERSION = "20260302-1"
FILTERS = Filters(frozenset({"jansen-2004-alliantievertrouwen"}), frozenset({"rol"}))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "gesprekken.db"


@pytest.fixture
def conversations(card_settings: Settings, from_cards: Assistant, database: Path) -> Iterator[Conversations]:
    settings = card_settings.model_copy(update={"database_url": f"sqlite:///{database}"})
    with closing(Storage.open(settings.storage_url)) as storage:
        yield Conversations(settings, from_cards, storage)


@pytest.fixture
def keeper(conversations: Conversations, texts: Texts) -> Keeper:
    return Keeper(conversations, texts.render("coached_title"))


def only(conversations: Conversations, visitor: str = VISITOR) -> Conversation:
    """Return the one conversation that is kept of a visitor."""
    (summary,) = conversations.listed(visitor)
    return conversations.conversation(visitor, summary.id)


def said(keeper: Keeper, text: str, talk: Talk | None = None, visitor: str | None = VISITOR) -> View:
    """Return the view of an answered question that was kept."""
    return keeper.keep(last_view(text, talk), visitor, VERSION)


def take_away(database: Path) -> None:
    """Take the tables away from under the storage that is open."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE conversations RENAME TO elsewhere")
        connection.commit()


def bring_back(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO conversations")
        connection.commit()


# ── An exchange that ended ───────────────────────────────────────────────────


def test_an_answer_is_there_at_the_next_visit_as_it_was(keeper: Keeper) -> None:
    view = asked(QUESTION, filters=FILTERS)[-1]
    outcome = view.exchanges[-1].outcome
    assert isinstance(outcome, Answer)
    told = replace(view.exchanges[-1], outcome=replace(outcome, notices=("Eén zin is weggelaten.",)))
    view = keeper.keep(replace(view, talk=Talk((told,))), VISITOR, VERSION)
    assert view.talk.conversation_id

    again = keeper.open(view.talk.conversation_id, VISITOR)
    (exchange,) = again.exchanges
    assert exchange.is_reopened
    assert (exchange.question, exchange.filters) == (QUESTION, FILTERS)
    assert (exchange.markdown, exchange.citations) == (told.markdown, told.citations)
    assert (exchange.follow_ups, exchange.notices) == (told.follow_ups, told.notices)
    assert exchange.ending is Ending.ANSWERED
    assert exchange.kept
    assert (exchange.kept.id, exchange.kept.claims) == (outcome.id, outcome.claims)
    assert (exchange.kept.engine, exchange.kept.index_version) == ("composer", VERSION)
    assert (again.talk.conversation_id, again.talk.title) == (view.talk.conversation_id, QUESTION)
    assert again == View(again.talk)


def test_what_stands_on_the_page_changes_in_nothing_but_that_it_is_kept(keeper: Keeper) -> None:
    before = last_view()
    after = keeper.keep(before, VISITOR, VERSION)
    (shown,) = after.exchanges
    assert replace(shown, kept=None) == before.exchanges[0]
    unkept = replace(after.talk, exchanges=before.exchanges, conversation_id=None)
    assert replace(after, talk=unkept) == before


def test_the_next_exchange_joins_the_conversation(keeper: Keeper, conversations: Conversations) -> None:
    first = said(keeper, QUESTION)
    second = said(keeper, "En hierna?", first.talk)
    assert second.talk.conversation_id == first.talk.conversation_id
    found = only(conversations)
    assert found.title == QUESTION
    assert found.exchanges == tuple(one.kept for one in second.exchanges)


def test_a_conversation_goes_on_where_it_was_at_the_last_visit(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = said(keeper, QUESTION)
    again = keeper.open(str(first.talk.conversation_id), VISITOR)
    said(keeper, "En hierna?", again.talk)
    assert [one.question for one in only(conversations).exchanges] == [QUESTION, "En hierna?"]


def test_a_refusal_is_kept_as_one(keeper: Keeper, conversations: Conversations) -> None:
    view = said(keeper, "Dit is onbekend")
    (kept,) = only(conversations).exchanges
    assert (kept.ending, kept.claims, kept.citations) == (Ending.REFUSED, (), ())
    assert kept.markdown == view.exchanges[0].markdown
    assert kept.follow_ups


def test_of_a_stopped_answer_what_was_proved_is_kept(keeper: Keeper, conversations: Conversations) -> None:
    view = keeper.keep(stop(Talk((Exchange("?", claims=CLAIMS[:1], found=(PASSAGE,)),))), VISITOR, VERSION)
    (kept,) = only(conversations).exchanges
    assert (kept.ending, kept.claims, kept.citations) == (Ending.STOPPED, CLAIMS[:1], (FIRST,))
    assert (kept.markdown, kept.follow_ups) == (view.exchanges[0].markdown, ())
    assert kept.id == id_of(view.exchanges[0])


def test_two_answers_that_were_stopped_are_two_exchanges(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = keeper.keep(stop(Talk((Exchange("Een?"),))), VISITOR, VERSION)
    talk = replace(first.talk, exchanges=(*first.exchanges, Exchange("Twee?")))
    keeper.keep(stop(talk), VISITOR, VERSION)
    assert [one.question for one in only(conversations).exchanges] == ["Een?", "Twee?"]


@pytest.mark.parametrize(
    "view",
    [View(), *asked()[:-1], last_view("Dit gaat fout"), fail(View(Talk((Exchange("?", claims=CLAIMS),))))],
)
def test_what_has_not_ended_or_broke_is_not_kept(
    keeper: Keeper, conversations: Conversations, view: View
) -> None:
    assert keeper.keep(view, VISITOR, VERSION) is view
    assert conversations.listed(VISITOR) == ()


def test_what_is_kept_is_not_kept_again(keeper: Keeper, conversations: Conversations) -> None:
    view = said(keeper, QUESTION)
    assert keeper.keep(view, VISITOR, VERSION) is view
    assert keeper.keep(stop(view.talk), VISITOR, VERSION).talk is view.talk
    again = keeper.open(str(view.talk.conversation_id), VISITOR)
    assert keeper.keep(again, VISITOR, VERSION) is again
    assert len(only(conversations).exchanges) == 1


# ── Whose it is ──────────────────────────────────────────────────────────────


def test_of_who_has_no_cookie_nothing_is_kept_and_nothing_is_there(
    keeper: Keeper, conversations: Conversations, database: Path
) -> None:
    view = last_view()
    assert keeper.keep(view, None, VERSION) is view
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (0,)
    kept = said(keeper, QUESTION)
    assert keeper.open(str(kept.talk.conversation_id), None) == View(absent="gone")


def test_the_conversation_of_another_is_not_there(keeper: Keeper) -> None:
    view = said(keeper, QUESTION)
    assert keeper.open(str(view.talk.conversation_id), ANOTHER) == View(absent="gone")


def test_what_somebody_says_in_the_conversation_of_another_begins_one_of_their_own(
    keeper: Keeper, conversations: Conversations
) -> None:
    hers = said(keeper, QUESTION)
    his = said(keeper, "En nu?", hers.talk, visitor=ANOTHER)
    assert his.talk.conversation_id != hers.talk.conversation_id
    assert [one.question for one in only(conversations).exchanges] == [QUESTION]
    assert [one.question for one in only(conversations, ANOTHER).exchanges] == ["En nu?"]


@pytest.mark.parametrize(
    "id_",
    ["", "weg", "0" * 43, "../..", "' OR 1=1 --", "%", "<script>", "\x00", "é" * 10_000, "🌱", "\ud800"],
)
def test_an_address_that_names_no_conversation_opens_an_empty_one_that_says_so(
    keeper: Keeper, id_: str
) -> None:
    said(keeper, QUESTION)
    assert keeper.open(id_, VISITOR) == View(absent="gone")


def test_what_was_thought_of_an_answer_is_there_when_it_is_opened(
    keeper: Keeper, conversations: Conversations
) -> None:
    view = said(keeper, QUESTION)
    rated, feedback = str(id_of(view.exchanges[0])), Feedback(Verdict.UNHELPFUL, ("unclear",), "Te lang.")
    conversations.rate(VISITOR, rated, feedback)
    assert keeper.open(str(view.talk.conversation_id), VISITOR).talk.feedback == {rated: feedback}


# ── Other windows ────────────────────────────────────────────────────────────


def test_after_a_conversation_is_erased_in_another_window_what_is_said_begins_a_new_one(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = said(keeper, QUESTION)
    conversations.erase(VISITOR, str(first.talk.conversation_id))
    second = said(keeper, "En hierna?", first.talk)
    assert not second.is_unkept
    assert second.talk.conversation_id != first.talk.conversation_id
    found = only(conversations)
    assert found.id == second.talk.conversation_id
    assert found.title == "En hierna?"
    assert [one.question for one in found.exchanges] == ["En hierna?"]


def test_a_question_rewritten_after_that_begins_a_new_one_too(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = said(keeper, QUESTION)
    conversations.erase(VISITOR, str(first.talk.conversation_id))
    again = said(keeper, "Anders gezegd?", rewound(first.talk))
    assert again.talk.replaces is None
    assert [one.question for one in only(conversations).exchanges] == ["Anders gezegd?"]


def test_what_was_said_in_two_windows_of_one_conversation_is_all_kept(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = said(keeper, QUESTION)
    for text in ("In dit venster?", "In het andere?"):
        said(keeper, text, first.talk)
    questions = [one.question for one in only(conversations).exchanges]
    assert questions == [QUESTION, "In dit venster?", "In het andere?"]


# ── A question that is rewritten ─────────────────────────────────────────────


def test_a_rewritten_question_takes_the_place_of_the_last_one(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = said(keeper, QUESTION)
    second = said(keeper, "En hierna?", first.talk)
    again = said(keeper, "En daarna?", rewound(second.talk))
    assert [one.question for one in again.exchanges] == [QUESTION, "En daarna?"]
    assert only(conversations).exchanges == tuple(one.kept for one in again.exchanges)
    assert (again.talk.conversation_id, again.talk.replaces) == (first.talk.conversation_id, None)


def test_after_it_the_next_question_takes_no_place(keeper: Keeper, conversations: Conversations) -> None:
    again = said(keeper, "Anders gezegd?", rewound(said(keeper, QUESTION).talk))
    said(keeper, "En dan?", again.talk)
    assert [one.question for one in only(conversations).exchanges] == ["Anders gezegd?", "En dan?"]


def test_what_was_thought_of_the_answer_goes_with_it(keeper: Keeper, conversations: Conversations) -> None:
    view = said(keeper, QUESTION)
    conversations.rate(VISITOR, str(id_of(view.exchanges[0])), Feedback(Verdict.WRONG))
    said(keeper, "Anders gezegd?", rewound(view.talk))
    assert only(conversations).feedback == ()


def test_a_rewritten_question_that_breaks_leaves_the_last_one_until_it_is_asked_again(
    keeper: Keeper, conversations: Conversations
) -> None:
    first = said(keeper, QUESTION)
    broken = said(keeper, "Dit gaat fout", rewound(first.talk))
    assert broken.problem
    assert [one.question for one in only(conversations).exchanges] == [QUESTION]
    said(keeper, "Dit gaat goed", broken.remembered)
    assert [one.question for one in only(conversations).exchanges] == ["Dit gaat goed"]


# ── The health check ─────────────────────────────────────────────────────────


@pytest.fixture
def chat_coach(coach: Coach, from_cards: Assistant, card_settings: Settings) -> ChatCoach:
    return ChatCoach(coach.checks, from_cards, card_settings.prompts)


def test_of_a_whole_health_check_one_mark_is_kept_and_nothing_that_was_said(
    keeper: Keeper,
    conversations: Conversations,
    chat_coach: ChatCoach,
    from_cards: Assistant,
    database: Path,
) -> None:
    talk, messages = Talk(), ["Doe de health check", "4, maar bij de gemeente minder", "Eens", "stop"]
    for message in messages:
        *_, view = converse(from_cards, Question(message), talk, chat_coach)
        talk = keeper.keep(view, VISITOR, VERSION).talk
    assert [one.ending for one in talk.exchanges] == [Ending.COACHED] * 4
    assert talk.exchanges[0].markdown

    found = only(conversations)
    assert found.title == "Health check"
    (mark,) = found.exchanges
    assert (mark.ending, mark.question, mark.markdown) == (Ending.COACHED, "", "")
    assert (mark.claims, mark.citations, mark.follow_ups, mark.notices) == ((), (), (), ())
    written = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert found.title.encode() in written
    session = session_of(talk.exchanges)
    assert session
    for secret in (*messages[:2], session.code, session.code.lower()):
        assert secret.encode() not in written


def test_around_a_health_check_questions_are_kept_and_a_second_check_has_a_mark_too(
    keeper: Keeper, conversations: Conversations, chat_coach: ChatCoach, from_cards: Assistant
) -> None:
    talk, check = Talk(), ["Doe de health check", "stop"]
    for message in ["Wat is een paradox?", *check, "Wat is funderen?", *check]:
        *_, view = converse(from_cards, Question(message), talk, chat_coach)
        talk = keeper.keep(view, VISITOR, VERSION).talk
    found = only(conversations)
    assert [one.ending for one in found.exchanges] == [
        Ending.ANSWERED,
        Ending.COACHED,
        Ending.ANSWERED,
        Ending.COACHED,
    ]
    assert found.title == "Wat is een paradox?"


def test_of_a_health_check_that_is_opened_again_nothing_is_left_to_read(
    keeper: Keeper, chat_coach: ChatCoach, from_cards: Assistant
) -> None:
    *_, view = converse(from_cards, Question("Doe de health check"), Talk(), chat_coach)
    kept = keeper.keep(view, VISITOR, VERSION)
    (exchange,) = keeper.open(str(kept.talk.conversation_id), VISITOR).exchanges
    assert exchange.is_reopened
    assert (exchange.ending, exchange.coached) == (Ending.COACHED, None)
    assert (exchange.question, exchange.markdown, exchange.follow_ups) == ("", "", ())


# ── A database that is away ──────────────────────────────────────────────────


def test_while_the_database_is_away_the_answer_stands_and_says_that_it_is_not_kept(
    keeper: Keeper, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    take_away(database)
    before = last_view()
    with caplog.at_level(logging.WARNING):
        after = keeper.keep(before, VISITOR, VERSION)
    assert after == replace(before, is_unkept=True)
    assert "could not be kept" in caplog.text
    assert QUESTION not in caplog.text
    assert VISITOR not in caplog.text


def test_once_it_is_back_the_conversation_goes_on(
    keeper: Keeper, conversations: Conversations, database: Path
) -> None:
    first = said(keeper, QUESTION)
    take_away(database)
    second = said(keeper, "Ondertussen?", first.talk)
    bring_back(database)
    third = said(keeper, "En nu?", second.talk)
    assert not third.is_unkept
    assert third.talk.conversation_id == first.talk.conversation_id
    assert [one.question for one in third.exchanges] == [QUESTION, "Ondertussen?", "En nu?"]
    assert [one.question for one in only(conversations).exchanges] == [QUESTION, "En nu?"]


def test_a_rewritten_question_that_could_not_be_kept_still_gives_its_place_to_the_next(
    keeper: Keeper, conversations: Conversations, database: Path
) -> None:
    first = said(keeper, QUESTION)
    take_away(database)
    second = said(keeper, "Anders gezegd?", rewound(first.talk))
    assert second.is_unkept
    bring_back(database)
    said(keeper, "Nog anders gezegd?", rewound(second.talk))
    assert [one.question for one in only(conversations).exchanges] == ["Nog anders gezegd?"]


def test_while_it_is_away_a_conversation_cannot_be_opened(
    keeper: Keeper, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    view = said(keeper, QUESTION)
    take_away(database)
    with caplog.at_level(logging.WARNING):
        assert keeper.open(str(view.talk.conversation_id), VISITOR) == View(absent="away")
    assert "could not be read" in caplog.text
    bring_back(database)
    assert keeper.open(str(view.talk.conversation_id), VISITOR).exchanges


def test_erasing_is_not_mistaken_for_a_database_that_is_away(
    keeper: Keeper, conversations: Conversations, database: Path
) -> None:
    first = said(keeper, QUESTION)
    conversations.erase_all(VISITOR)
    with pytest.raises(UnknownKey):
        conversations.conversation(VISITOR, str(first.talk.conversation_id))
    take_away(database)
    second = said(keeper, "En hierna?", first.talk)
    assert (second.is_unkept, second.talk.conversation_id) == (True, first.talk.conversation_id)
