"""The page's own HTML and messages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markupsafe import escape

from assistant.answering.prompts import Texts
from assistant.domain import Answer, ModelInUse, Progress, Status
from assistant.errors import InvalidQuestion
from assistant.surfaces.chat.conversation import Exchange, View
from assistant.surfaces.chat.panels import Panels, status_line
from tests.surfaces.chat.scripted import CATALOGUE, CLAIMS, HOSTILE_CLAIM, PASSAGE
from tests.surfaces.chat.test_conversation import last_exchange

CARDS_ONLY = Status("v1", 40, (), None)


@pytest.fixture
def panels(texts: Texts) -> Panels:
    return Panels(texts)


def test_each_passage_has_its_number_source_section_and_quote(panels: Panels) -> None:
    markup = panels.sources(View((Exchange("?", claims=CLAIMS),)), CATALOGUE)
    assert re.findall(r'id="(bron-[\d-]+)"', markup) == ["bron-1-1", "bron-1-2", "bron-1-3"]
    assert markup.count("<strong>Jansen 2004</strong>") == 2
    assert "<span>Stabiliteit en wendbaarheid</span>" in markup
    assert "<blockquote>Vertrouwen dat op controleerbare informatie rust.</blockquote>" in markup


def test_a_card_is_said_to_be_a_summary_and_a_quote_is_not(panels: Panels, texts: Texts) -> None:
    markup = panels.sources(View((Exchange("?", claims=CLAIMS),)), CATALOGUE)
    assert markup.count("<blockquote>") == 2
    assert markup.count(texts.render("card_note")) == 1


def test_text_of_documents_and_questions_stays_text(panels: Panels) -> None:
    exchanges = (Exchange("<b>?</b>", claims=(HOSTILE_CLAIM,)), Exchange("?", found=(PASSAGE,)))
    markup = panels.sources(View(exchanges, is_running=True), CATALOGUE)
    assert markup.count("&lt;script&gt;") == 3
    assert re.search(r"<(script|img|a|b|style|svg|video|iframe)\b", markup) is None


def test_without_a_catalogue_a_passage_names_the_id_of_its_source(panels: Panels) -> None:
    view = View((Exchange("?", claims=CLAIMS),))
    assert "<strong>jansen-2004-alliantievertrouwen</strong>" in panels.sources(view, None)


def test_earlier_passages_are_folded_away_under_their_question(panels: Panels, texts: Texts) -> None:
    view = View((Exchange("Eerst?", claims=CLAIMS), Exchange("Zonder"), Exchange("Dan?", claims=CLAIMS[:1])))
    latest, _, earlier = panels.sources(view, CATALOGUE).partition("<details>")
    assert "bron-3-1" in latest
    assert texts.render("earlier_sources", question="Eerst?") in earlier
    assert "bron-1-3" in earlier
    assert "Zonder" not in earlier


def test_the_reader_is_told_what_happens_before_the_first_claim(panels: Panels, texts: Texts) -> None:
    searching = panels.messages(View((Exchange("?"),), is_running=True))
    composing = panels.messages(View((Exchange("?", found=(PASSAGE,)),), is_running=True))
    assert searching[1]["content"] == texts.render("searching")
    assert composing[1]["content"] == texts.render("composing", count=1)


def test_a_problem_stands_under_the_question_that_met_it(panels: Panels, texts: Texts) -> None:
    view = View((Exchange("Eerst?", claims=CLAIMS), Exchange("Dan?")), problem=InvalidQuestion(reason="x"))
    contents = [message["content"] for message in panels.messages(view)]
    assert contents[3] == texts.render("problem_question")
    assert contents[3] not in contents[1]


def test_a_stopped_answer_says_so_after_what_was_proved(panels: Panels, texts: Texts) -> None:
    [_, reply] = panels.messages(View((Exchange("?", claims=CLAIMS[:1], is_stopped=True),)))
    assert reply["content"].endswith("\n\n" + texts.render("stopped"))
    assert "(#bron-1-1)" in reply["content"]


@pytest.mark.parametrize(
    ("status", "key", "values"),
    [
        (Status("v1", 40, (), Progress(12, 140)), "status_building", {"done": 12, "total": 140}),
        (Status("v1", 40, (), Progress(0, 0)), "status_counting", {}),
        (Status(None, 0, (), Progress(1, 9)), "status_preparing", {"done": 1, "total": 9}),
        (Status(None, 0, (), None), "status_not_ready", {}),
        (Status("v1", 40, (), None, "Schijf vol."), "status_failure", {"reason": "Schijf vol."}),
        (CARDS_ONLY, "status_no_originals", {}),
    ],
)
def test_the_status_line_says_what_is_not_there_yet(
    texts: Texts, status: Status, key: str, values: dict[str, object]
) -> None:
    assert status_line(status, texts) == texts.render(key, **values)


def test_an_assistant_with_originals_needs_no_status_line(panels: Panels) -> None:
    assert panels.status(Status("v1", 40, ("jansen-2004-alliantievertrouwen",), None)) == ""


def test_a_status_is_escaped(panels: Panels) -> None:
    assert "<b>" not in panels.status(Status("v1", 40, (), None, "<b>vol</b>"))


def test_an_answer_under_way_ends_in_dots_until_it_is_complete(panels: Panels, texts: Texts) -> None:
    exchange = Exchange("?", claims=CLAIMS[:1])
    [_, under_way] = panels.messages(View((exchange,), is_running=True))
    [_, complete] = panels.messages(View((exchange,)))
    assert under_way["content"] == f"{complete['content']}\n\n{texts.render('continuing')}"


def test_the_page_says_which_model_words_answers_and_what_it_is_sent(panels: Panels, texts: Texts) -> None:
    model = ModelInUse("openai:proef<b>", "model.example")
    said = texts.render("model", name=model.name, destination=model.destination)
    markup = panels.status(Status("v1", 40, ("a",), None, model=model))
    assert str(escape(said)) in markup
    assert "statusregel" not in markup
    assert panels.status(Status("v1", 40, ("a",), None)) == ""


def test_what_became_of_a_model_s_sentences_stands_under_the_answer(panels: Panels) -> None:
    exchange = last_exchange("Wat is vertrouwen?")
    assert isinstance(exchange.outcome, Answer)
    told = replace(exchange, outcome=replace(exchange.outcome, notices=("Eén zin is weggelaten.",)))
    reply = panels.messages(View((told,)))[-1]["content"]
    assert reply.endswith("\n\n*Eén zin is weggelaten.*")
