"""From events to what stands on the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.domain import Question, Turn
from assistant.errors import AssistantError, IndexMismatch, InvalidQuestion
from assistant.surfaces.chat.conversation import (
    REMEMBERED,
    Exchange,
    View,
    converse,
    fail,
    history,
    stop,
)
from tests.surfaces.chat.scripted import CLAIMS, FIRST, SECOND, THIRD, ScriptedAssistant

ASSISTANT = ScriptedAssistant("plain", Path("never"))


def last_exchange(question: str, earlier: tuple[Exchange, ...] = ()) -> Exchange:
    return list(converse(ASSISTANT, question, earlier))[-1].exchanges[-1]


def test_every_event_is_a_view_and_only_the_last_has_stopped_running() -> None:
    views = list(converse(ASSISTANT, " Wat is vertrouwen? ", ()))
    assert [view.is_running for view in views] == [True] * (2 + len(CLAIMS)) + [False]
    assert [len(view.exchanges[-1].claims) for view in views] == [0, 0, 1, 2, 3, 4, 5, 5]
    assert views[0].exchanges == (Exchange("Wat is vertrouwen?"),)


def test_the_box_is_emptied_at_the_start_and_then_left_to_the_reader() -> None:
    views = list(converse(ASSISTANT, "Wat is vertrouwen?", ()))
    assert [view.draft for view in views] == ["", *[None] * (len(views) - 1)]


def test_passages_are_under_consideration_until_there_is_an_outcome() -> None:
    found = [view.exchanges[-1].found for view in converse(ASSISTANT, "Wat is vertrouwen?", ())]
    assert found[0] is None
    assert all(found[1:-1])
    assert found[-1] == ()


def test_an_empty_question_changes_nothing() -> None:
    earlier = (Exchange("Eerder"),)
    assert list(converse(ASSISTANT, " \n ", earlier)) == [View(earlier)]


def test_citations_stand_once_and_in_order_while_claims_come_in() -> None:
    assert Exchange("?", claims=CLAIMS[::-1]).citations == (FIRST, SECOND, THIRD)


def test_an_error_puts_the_question_back_and_is_not_remembered() -> None:
    earlier = (last_exchange("Wat is vertrouwen?"),)
    view = list(converse(ASSISTANT, "Dit gaat fout ", earlier))[-1]
    assert isinstance(view.problem, InvalidQuestion)
    assert view.draft == "Dit gaat fout "
    assert not view.is_running
    assert view.remembered == earlier


def test_a_breakdown_that_nobody_foresaw_does_the_same() -> None:
    earlier = (last_exchange("Wat is vertrouwen?"),)
    view = fail((*earlier, Exchange("En dan?")))
    assert (view.draft, view.remembered, view.is_running) == ("En dan?", earlier, False)


def test_each_kind_of_problem_has_its_text() -> None:
    problems = [InvalidQuestion(reason=""), IndexMismatch(found="", wanted=""), AssistantError()]
    keys = [View(problem=problem).problem_key for problem in problems]
    assert keys == ["problem_question", "problem_index", "problem"]


def test_stopping_marks_an_unfinished_answer_and_leaves_a_finished_one() -> None:
    unfinished = Exchange("?", claims=CLAIMS[:1])
    assert stop((unfinished,)).exchanges == (replace(unfinished, is_stopped=True),)
    finished = last_exchange("Wat is vertrouwen?")
    assert stop((finished,)).exchanges == (finished,)
    assert stop(()).exchanges == ()


def test_a_question_travels_with_the_turns_before_it() -> None:
    seen: list[Question] = []

    class Listening(ScriptedAssistant):
        def ask(self, question: Question):  # type: ignore[no-untyped-def]
            seen.append(question)
            return super().ask(question)

    earlier = (last_exchange("Wat is vertrouwen?"), Exchange("Zonder antwoord"))
    list(converse(Listening("plain", Path("never")), "En hierna?", earlier))
    assert seen[0].text == "En hierna?"
    assert [turn.role for turn in seen[0].history] == ["user", "assistant", "user"]
    assert seen[0].history[0] == Turn("user", "Wat is vertrouwen?")
    assert seen[0].history[1].content == earlier[0].markdown


def test_only_the_last_exchanges_travel_along() -> None:
    many = tuple(Exchange(f"Vraag {number}") for number in range(REMEMBERED + 3))
    assert [turn.content for turn in history(many)] == [f"Vraag {n}" for n in range(3, REMEMBERED + 3)]
