"""From events to what stands on the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain import Answer, Ending, Feedback, Filters, KeptExchange, Question, Refusal, Turn, Verdict
from assistant.errors import AssistantError, IndexUnavailable, InvalidQuestion
from assistant.surfaces.chat.coaching import Coached
from assistant.surfaces.chat.conversation import (
    REMEMBERED,
    Exchange,
    Talk,
    View,
    converse,
    fail,
    history,
    id_of,
    rewound,
    stop,
)
from tests.surfaces.chat.scripted import CLAIMS, FIRST, PASSAGE, SECOND, THIRD
from tests.surfaces.chat.talking import QUESTION, Numbered, asked, kept, last_exchange, last_view

COACHED = Exchange("Eens", coached=Coached(None, "Vraag 2 van 51", ("Oneens",), (FIRST,)))
OPENED = Talk((), "g1", "Vertrouwen", {"x": Feedback(Verdict.HELPFUL)})
"""A conversation that was kept, of which the exchanges come with each test."""


# ── A question and its answer ────────────────────────────────────────────────


def test_every_event_is_a_view_and_only_the_last_has_stopped_running() -> None:
    views = asked(f" {QUESTION} ")
    assert [view.is_running for view in views] == [True] * (2 + len(CLAIMS)) + [False]
    assert [len(view.exchanges[-1].claims) for view in views] == [0, 0, 1, 2, 3, 4, 5, 5]
    assert views[0].exchanges == (Exchange(QUESTION),)


def test_the_box_is_emptied_at_the_start_and_then_left_to_the_reader() -> None:
    views = asked()
    assert [view.draft for view in views] == ["", *[None] * (len(views) - 1)]


def test_passages_are_under_consideration_until_there_is_an_outcome() -> None:
    found = [view.exchanges[-1].found for view in asked()]
    assert found[0] is None
    assert all(found[1:-1])
    assert found[-1] == ()


def test_an_empty_question_changes_nothing() -> None:
    talk = replace(OPENED, exchanges=(last_exchange(),), replaces="x")
    assert asked(" \n ", talk) == [View(talk)]


def test_a_question_keeps_the_conversation_in_which_it_is_asked() -> None:
    earlier = last_exchange()
    for view in asked("En dan?", replace(OPENED, exchanges=(earlier,), replaces="x")):
        assert view.exchanges[0] is earlier
        assert view.talk == replace(OPENED, exchanges=view.exchanges, replaces="x")


def test_what_was_shown_is_what_the_answer_says() -> None:
    *_, under_way, complete = asked()
    assert under_way.exchanges[-1].markdown == complete.exchanges[-1].markdown
    assert under_way.exchanges[-1].citations == complete.exchanges[-1].citations == (FIRST, SECOND, THIRD)


def test_citations_stand_once_and_in_order_while_claims_come_in() -> None:
    assert Exchange("?", claims=CLAIMS[::-1]).citations == (FIRST, SECOND, THIRD)


def test_what_comes_after_an_answer_waits_until_it_is_complete() -> None:
    *under_way, complete = [view.exchanges[-1] for view in asked()]
    assert {one.follow_ups for one in under_way} == {()}
    assert complete.follow_ups == ("En hierna? (0 eerdere berichten)", "Wat is het NAV-model?")


def test_a_question_travels_with_the_turns_before_it_and_with_where_to_look() -> None:
    assistant, earlier = Numbered(), last_exchange()
    filters = Filters(frozenset({"jansen-2004-alliantievertrouwen"}), frozenset({"rol"}))
    talk = Talk((earlier, Exchange("Zonder antwoord", is_stopped=True)))
    *_, view = converse(assistant, Question(" En hierna? ", (), filters), talk)
    turns = (Turn("user", QUESTION), Turn("assistant", earlier.markdown), Turn("user", "Zonder antwoord"))
    assert assistant.questions == [Question("En hierna?", turns, filters)]
    assert view.exchanges[-1].filters == filters


# ── What goes wrong ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "problem"), [("Dit gaat fout ", InvalidQuestion), ("Er is geen index", IndexUnavailable)]
)
def test_an_error_puts_the_question_back_and_is_not_remembered(
    text: str, problem: type[AssistantError]
) -> None:
    talk = replace(OPENED, exchanges=(last_exchange(),), replaces="x")
    view = last_view(text, talk)
    assert isinstance(view.problem, problem)
    assert (view.draft, view.is_running) == (text, False)
    assert [one.question for one in view.exchanges] == [QUESTION, text.strip()]
    assert view.remembered == talk


def test_a_breakdown_that_nobody_foresaw_does_the_same() -> None:
    talk = Talk((last_exchange(),))
    view = fail(View(Talk((*talk.exchanges, Exchange("En dan?"))), is_running=True))
    assert (view.draft, view.remembered, view.is_running) == ("En dan?", talk, False)
    assert type(view.problem) is AssistantError


def test_such_a_breakdown_reaches_who_shows_the_views() -> None:
    with pytest.raises(RuntimeError, match="niemand voorzag"):
        asked("Dit gaat kapot")


def test_a_breakdown_before_any_question_leaves_the_box_alone() -> None:
    view = fail(View())
    assert (view.draft, view.exchanges) == (None, ())
    assert view.remembered == Talk()


def test_without_a_problem_all_is_remembered() -> None:
    view = last_view()
    assert view.remembered is view.talk


# ── How an exchange ends ─────────────────────────────────────────────────────


def test_each_way_to_end_has_its_name_and_what_is_under_way_has_none() -> None:
    assert [view.exchanges[-1].ending for view in asked()] == [None] * (2 + len(CLAIMS)) + [Ending.ANSWERED]
    assert last_exchange("Dit is onbekend").ending is Ending.REFUSED
    assert Exchange("?", claims=CLAIMS, is_stopped=True).ending is Ending.STOPPED
    assert COACHED.ending is Ending.COACHED
    assert last_view("Dit gaat fout").exchanges[-1].ending is None


@pytest.mark.parametrize("exchange", [Exchange("?"), Exchange("?", claims=CLAIMS[:1], found=(PASSAGE,))])
def test_stopping_marks_an_unfinished_answer_and_keeps_what_was_proved(exchange: Exchange) -> None:
    talk = replace(OPENED, exchanges=(last_exchange(), exchange), replaces="x")
    view = stop(talk)
    assert view == View(replace(talk, exchanges=(talk.exchanges[0], replace(exchange, is_stopped=True))))
    assert view.exchanges[-1].markdown == exchange.markdown


@pytest.mark.parametrize(
    "exchanges",
    [(), (last_exchange(),), (COACHED,), (Exchange("?", is_stopped=True),), (last_exchange("onbekend"),)],
)
def test_stopping_leaves_what_has_ended_as_it_is(exchanges: tuple[Exchange, ...]) -> None:
    assert stop(Talk(exchanges)) == View(Talk(exchanges))


# ── What was kept ────────────────────────────────────────────────────────────


def test_an_exchange_of_an_earlier_visit_says_what_was_kept() -> None:
    before = last_exchange()
    was = replace(kept(before), notices=("Eén zin is weggelaten.",))
    again = Exchange(before.question, kept=was)
    assert again.is_reopened
    assert (again.markdown, again.citations) == (before.markdown, before.citations)
    assert (again.follow_ups, again.notices) == (before.follow_ups, was.notices)
    assert (again.ending, id_of(again)) == (Ending.ANSWERED, was.id)


@pytest.mark.parametrize(
    "exchange", [last_exchange(), last_exchange("onbekend"), Exchange("?", is_stopped=True), COACHED]
)
def test_what_was_asked_in_this_visit_is_not_of_an_earlier_one_and_stays_what_it_was(
    exchange: Exchange,
) -> None:
    now_kept = replace(exchange, kept=kept(exchange))
    assert not exchange.is_reopened
    assert not now_kept.is_reopened
    assert (now_kept.markdown, now_kept.citations) == (exchange.markdown, exchange.citations)
    assert (now_kept.follow_ups, now_kept.ending) == (exchange.follow_ups, exchange.ending)


def test_what_is_not_kept_has_no_id() -> None:
    assert id_of(last_exchange()) is None


def test_what_became_of_a_model_s_sentences_is_told_with_the_answer_alone() -> None:
    answer, refusal = last_exchange().outcome, last_exchange("onbekend").outcome
    assert isinstance(answer, Answer)
    assert isinstance(refusal, Refusal)
    told = replace(answer, notices=("Eén zin is weggelaten.",))
    assert Exchange("?", outcome=told).notices == told.notices
    assert Exchange("?", outcome=refusal).notices == Exchange("?", claims=CLAIMS).notices == ()


# ── A question in the place of the last one ──────────────────────────────────


def test_the_next_question_takes_the_place_of_the_last_one_and_of_no_other() -> None:
    first = last_exchange()
    last = replace(first, kept=kept(first))
    talk = replace(OPENED, exchanges=(first, last), is_rewriting=True)
    assert rewound(talk) == replace(OPENED, exchanges=(first,), replaces=id_of(last))


def test_a_question_that_was_never_kept_leaves_no_place() -> None:
    assert rewound(Talk((last_exchange(),), is_rewriting=True)) == Talk()


def test_a_place_that_is_still_to_be_taken_stays_so() -> None:
    """The rewritten question couldn't be kept, and is rewritten again: the first is still there."""
    assert rewound(Talk((last_exchange(),), "g1", replaces="x")).replaces == "x"


# ── What travels along ───────────────────────────────────────────────────────


def test_only_the_last_exchanges_travel_along() -> None:
    many = tuple(Exchange(f"Vraag {number}") for number in range(REMEMBERED + 3))
    assert [turn.content for turn in history(many)] == [f"Vraag {n}" for n in range(3, REMEMBERED + 3)]


def test_what_the_coach_heard_does_not_travel_along_and_takes_no_room() -> None:
    reopened = Exchange("", kept=KeptExchange("x", "", Ending.COACHED, ""))
    questions = tuple(Exchange(f"Vraag {number}") for number in range(REMEMBERED))
    assert history((*questions, COACHED, reopened, COACHED)) == history(questions)


def test_what_was_kept_travels_along_like_what_was_said_now() -> None:
    exchange = last_exchange()
    assert history((Exchange(exchange.question, kept=kept(exchange)),)) == history((exchange,))


def test_a_refusal_and_what_stood_of_a_stopped_answer_travel_along() -> None:
    refused, stopped = last_exchange("onbekend"), Exchange("?", claims=CLAIMS[:1], is_stopped=True)
    assert [turn.content for turn in history((refused, stopped))] == [
        "onbekend",
        refused.markdown,
        "?",
        stopped.markdown,
    ]
