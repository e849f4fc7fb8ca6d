"""The page's own HTML: what stands in it, and that text of others stays text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.answering.prompts import Texts
from assistant.domain import (
    Answer,
    CheckedClaim,
    Citation,
    Claim,
    Degraded,
    Ending,
    Evidence,
    Feedback,
    Filters,
    KeptExchange,
    ModelInUse,
    Progress,
    Span,
    Status,
    Support,
    Verdict,
)
from assistant.errors import (
    AssistantError,
    IndexMismatch,
    InvalidQuestion,
    QuestionTooLong,
    StorageUnavailable,
    TooManyQuestions,
)
from assistant.publishing.references import copy_text, reference, reference_html
from assistant.settings import default_prompts
from assistant.surfaces.chat.coaching import Coached
from assistant.surfaces.chat.conversation import Exchange, Talk, View, stop
from assistant.surfaces.chat.panels import Panels, status_line
from assistant.surfaces.chat.scope import Scope
from assistant.surfaces.pages.marking import link_to, passage_link
from tests.fakes import TEXT, a_catalogue
from tests.publishing.hostile import NASTY
from tests.surfaces.chat.elements import Element, read
from tests.surfaces.chat.scripted import CATALOGUE, CLAIMS, FIRST, HOSTILE, PASSAGE, THIRD
from tests.surfaces.chat.talking import QUESTION, asked, kept, last_exchange, last_view

CARDS_ONLY = Status("v1", 40, (), None)
JANSEN = CATALOGUE.sources["jansen-2004-alliantievertrouwen"]
COACHED = Exchange("Eens", coached=Coached(None, "Vraag **2** van 51", ("Mee eens", "Oneens")))
SET_TEXT = frozenset({"p", "br", "ul", "ol", "li", "strong", "em"})
TAGS = SET_TEXT | {
    *("article", "aside", "div", "section", "span", "h1", "h2", "h3"),
    *("a", "button", "blockquote", "details", "summary"),
}
"""The elements of a conversation; no other comes of any text."""
ADDRESSES = ("/bronnen/", "/kaarten/", "/gesprekken/", "#bron-")
MARKUP = '"><script>x</script><img src=x onerror=y>' + "' onclick='z"


@pytest.fixture(scope="module")
def publishing() -> Texts:
    return Texts.read(default_prompts() / "publishing.yaml")


@pytest.fixture(scope="module")
def panels(texts: Texts, publishing: Texts) -> Panels:
    scope = Scope(texts)
    scope.sources(CATALOGUE)
    return Panels(texts, Texts.read(default_prompts() / "look.yaml"), publishing, scope)


@pytest.fixture
def latest(panels: Panels) -> Callable[[View], Element]:
    return lambda view: read(panels.latest(view, CATALOGUE))


@pytest.fixture
def earlier(panels: Panels) -> Callable[[View], Element]:
    return lambda view: read(panels.earlier(view, CATALOGUE))


def of(*exchanges: Exchange) -> View:
    return View(Talk(exchanges))


def reopened(exchange: Exchange | None = None) -> Exchange:
    before = exchange or last_exchange()
    return Exchange(before.question, before.filters, kept=kept(before))


def buttons(part: Element) -> list[str]:
    return [one.words for one in part.find("div", class_="doen")[0].find("button")]


# ── Text of others ───────────────────────────────────────────────────────────


def hostile(text: str) -> tuple[View, View]:
    """Return a conversation that says a text in each place, ended and under way."""
    quoted = Citation(1, Evidence(text, text, text, Span(0, 1)), Support.QUOTED)
    carded = Citation(2, Evidence(text, text, text, None, text), Support.SUPPORTED)
    known = Citation(3, Evidence(JANSEN.id, text, text, None, text), Support.SUPPORTED)
    claim = CheckedClaim(Claim(text, (text,)), (quoted, carded, known))
    filters = Filters(frozenset({text}), frozenset({text}))
    was = KeptExchange(
        "e1", text, Ending.ANSWERED, text, (claim,), claim.citations, (text,), (text,), filters, text, text
    )
    exchange = Exchange(text, filters, kept=was)
    feedback = {"e1": Feedback(Verdict.WRONG, (text,), text)}
    talk = Talk((exchange, exchange), "g1", text, feedback)
    passage = replace(PASSAGE, chunk=replace(PASSAGE.chunk, text=text, context=text, section=text))
    under_way = replace(talk, exchanges=(exchange, Exchange(text, filters, (passage,))))
    return View(talk), View(under_way, is_running=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(text=st.text(min_size=1))
@example(text=HOSTILE)
@example(text=NASTY.encode(errors="ignore").decode())
@example(text=MARKUP)
@example(text="</h2></article></div>")
@example(text="<!-- ")
@example(text="{{ 7*7 }}{% raw %}{# x")
def test_whatever_a_text_says_the_page_has_no_more_in_it_than_is_ours(panels: Panels, text: str) -> None:
    parts = _parts(panels, text)
    assert _ours(parts) == _ours(_parts(panels, "x"))
    for one in parts:
        assert one.tag in TAGS
        assert not any(name.startswith("on") or name in ("style", "src") for name in one.attributes)
        assert one.attributes.get("href", "#bron-").startswith(ADDRESSES)


def _ours(parts: list[Element]) -> list[str]:
    """Return the elements that don't come of an answer, which has paragraphs, lists, emphasis and marks."""
    return [one.tag for one in parts if not _is_answer(one)]


def _is_answer(element: Element) -> bool:
    is_quotation = element.tag == "blockquote" and not element.attributes
    return element.tag in SET_TEXT or is_quotation or element.attributes.get("class") == "noot"


def _parts(panels: Panels, text: str) -> list[Element]:
    ended, under_way = hostile(text)
    shown = [panels.earlier(ended, CATALOGUE), panels.latest(ended, CATALOGUE)]
    shown += [panels.latest(under_way, CATALOGUE), panels.latest(ended, None)]
    return [one for markup in shown for one in read(markup).all]


@pytest.mark.parametrize("text", [HOSTILE, MARKUP, "</article>", "<b>&amp;", "{{ x }}"])
def test_such_a_text_is_there_to_be_read_as_it_is(panels: Panels, text: str) -> None:
    ended, under_way = hostile(text)
    whole, now = read(panels.latest(ended, CATALOGUE)), read(panels.latest(under_way, CATALOGUE))
    assert whole.only("h2").text == text
    assert whole.only("blockquote").text == text
    assert [one.text for one in whole.find("p", class_="citaat")] == [text, text]
    assert whole.find("a", class_="vindplaats")[0].find("span")[1].text == text
    assert whole.find("p", class_="kanttekening")[0].text == text
    assert [one.text for one in whole.find("button", class_="voorstel")] == [text]
    assert text in whole.only("p", class_="bereik").text
    assert now.only("p", class_="fragment").text == text
    assert now.only("p", class_="vindplaats").only("strong").text == text
    assert read(panels.earlier(ended, CATALOGUE)).only("h1").text == text
    assert read(panels.latest(ended, None)).find("strong")[0].text == text


def test_first_questions_a_status_and_a_model_are_text(panels: Panels) -> None:
    opening = read(panels.opening([MARKUP, HOSTILE]))
    assert [one.text for one in opening.find("button")] == [MARKUP, HOSTILE]
    model = ModelInUse(MARKUP, HOSTILE)
    status = read(panels.status(Status("v1", 40, (), None, MARKUP, model)))
    assert [one.tag for one in status.all] == ["p", "p"]
    assert MARKUP in status.only("p", class_="statusregel").text
    assert HOSTILE in status.only("p", class_="modelregel").text


def test_the_details_of_a_problem_are_text(latest: Callable[[View], Element]) -> None:
    view = View(Talk((Exchange("?"),)), problem=QuestionTooLong(length=MARKUP, limit="2000"))
    assert MARKUP in latest(view).only("p", role="alert").text


# ── Passages ─────────────────────────────────────────────────────────────────


def test_each_passage_has_its_number_source_section_and_quote(latest: Callable[[View], Element]) -> None:
    entries = latest(last_view()).only("ol", class_="bronnen").find("li")
    assert [one.attributes["id"] for one in entries] == ["bron-1-1", "bron-1-2", "bron-1-3"]
    assert [one.only("span", class_="nummer").text for one in entries] == ["1", "2", "3"]
    assert [one.only("strong").text for one in entries] == ["Jansen 2004", "Jansen 2004", "Boonstra 2023"]
    assert entries[2].only("a").words == "3 Boonstra 2023 Stabiliteit en wendbaarheid"
    assert entries[0].only("blockquote").text == FIRST.evidence.quote


def test_a_card_is_said_to_be_a_summary_and_a_quote_is_not(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    quoted, _, card = latest(last_view()).only("ol", class_="bronnen").find("li")
    assert not quoted.find("p")
    assert not card.find("blockquote")
    assert [one.text for one in card.find("p")] == [THIRD.evidence.quote, texts.render("card_note")]


def test_a_passage_leads_to_its_page_and_to_its_fragment_and_so_does_its_mark(panels: Panels) -> None:
    catalogue = a_catalogue()
    quoted = Evidence("met-tekst", "Groei", TEXT[:24], Span(0, 24), "vertrouwen")
    carded = Evidence("zonder-tekst", "Verlies", "Vertrouwen groeit langzaam.", None, "vertrouwen")
    citations = Citation(1, quoted, Support.QUOTED), Citation(2, carded, Support.SUPPORTED)
    claim = CheckedClaim(Claim("Het groeit.", ("a",)), citations)
    shown = read(panels.latest(of(Exchange("?", claims=(claim,), is_stopped=True)), catalogue))
    entries = shown.only("ol", class_="bronnen").find("li")
    marks = shown.only("div", class_="tekst").find("a")
    for entry, mark, evidence in zip(entries, marks, (quoted, carded), strict=True):
        address = link_to(evidence, catalogue)
        assert entry.only("a").attributes["href"] == mark.attributes["href"] == address
        assert entry.attributes["data-passage"] == passage_link(evidence, catalogue)
        assert (
            entry.attributes["id"] == mark.attributes["data-noot"] == entry.only("a").attributes["data-noot"]
        )
    assert marks[0].attributes["href"] == "/bronnen/met-tekst?van=0&tot=24#citaat"
    assert marks[1].attributes["href"] == "/kaarten/vertrouwen#1"
    assert parse_qs(urlsplit(entries[0].attributes["data-passage"]).query)["kaart"] == ["vertrouwen"]
    assert [one.attributes["aria-label"] for one in marks] == [
        "[1] Auteur 2020, Groei",
        "[2] Auteur 2020, Verlies",
    ]


def test_each_answer_has_passages_of_its_own(panels: Panels) -> None:
    view = of(last_exchange(), reopened(), last_exchange())
    shown = [read(panels.earlier(view, CATALOGUE)), read(panels.latest(view, CATALOGUE))]
    ids = [one.attributes["id"] for part in shown for one in part.find(id=None)]
    assert len(ids) == len(set(ids))
    beside = [one for one in ids if one.startswith("bron-")]
    assert beside == [f"bron-{turn}-{number}" for turn in (1, 2, 3) for number in (1, 2, 3)]
    targets = [one.attributes["data-noot"] for part in shown for one in part.find("a", data_noot=None)]
    assert set(targets) == set(beside)


def test_without_an_index_a_passage_names_the_id_of_its_source_and_leads_no_further_than_the_page(
    panels: Panels,
) -> None:
    shown = read(panels.latest(last_view(), None))
    entry = shown.only("ol", class_="bronnen").find("li")[0]
    assert entry.only("strong").text == JANSEN.id
    assert "data-passage" not in entry.attributes
    assert {one.attributes["href"] for one in shown.find("a")} == {"#bron-1-1", "#bron-1-2", "#bron-1-3"}
    assert not shown.find("button", data_kopie=None)


def test_a_refusal_says_that_no_passages_go_with_it(latest: Callable[[View], Element], texts: Texts) -> None:
    shown = latest(last_view("Dit is onbekend"))
    assert shown.only("aside").words == texts.render("no_sources")
    assert shown.only("div", class_="tekst").words.startswith("Dat staat niet in de teksten.")


# ── How far an answer is ─────────────────────────────────────────────────────


def test_an_answer_is_sought_composed_and_done(latest: Callable[[View], Element]) -> None:
    states = [latest(view).only("article").attributes["data-stand"] for view in asked()]
    assert states == ["searching", *["composing"] * (1 + len(CLAIMS)), "done"]


def test_the_reader_is_told_what_happens_before_the_first_claim(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    searching, composing, first, *_ = [latest(view) for view in asked()]
    assert searching.only("p", class_="bericht").text == texts.render("searching")
    assert composing.only("p", class_="bericht").text == texts.render("composing", count=2)
    assert not first.find("p", class_="bericht")
    assert "kunt nagaan" in first.only("div", class_="tekst").text


def test_the_passages_under_consideration_stand_there_until_there_is_evidence(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    searching, composing, first, *_ = [latest(view) for view in asked()]
    assert not searching.only("aside").words
    assert composing.only("aside").find("p")[0].text == texts.render("found_note")
    found = composing.only("ul", class_="gevonden").find("li")
    assert [one.only("strong").text for one in found] == [PASSAGE.chunk.context] * 2
    assert [one.only("p", class_="fragment").text for one in found] == [PASSAGE.chunk.text] * 2
    assert not first.find("ul", class_="gevonden")
    assert len(first.only("ol", class_="bronnen").find("li")) == 1


def test_of_many_passages_the_best_three_are_shown_and_all_are_counted(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    shown = latest(View(Talk((Exchange("?", found=(PASSAGE,) * 9),)), is_running=True))
    assert len(shown.only("ul", class_="gevonden").find("li")) == 3
    assert shown.only("p", class_="bericht").text == texts.render("composing", count=9)


def test_while_an_answer_is_under_way_there_is_nothing_to_do_with_it(
    latest: Callable[[View], Element],
) -> None:
    *under_way, complete = [latest(view) for view in asked()]
    assert not any(one.find("button") for one in under_way)
    assert complete.find("button")


def test_a_stopped_answer_says_so_under_what_was_proved(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    shown = latest(stop(Talk((Exchange("?", claims=CLAIMS[:1], found=(PASSAGE,)),))))
    assert shown.only("article").attributes["data-stand"] == "stopped"
    assert shown.only("p", class_="bericht").text == texts.render("stopped")
    assert shown.only("div", class_="tekst").words.endswith("[1]")
    assert [one.attributes["id"] for one in shown.find("li")] == ["bron-1-1"]
    assert buttons(shown) == [texts.render("again"), texts.render("rewrite")]


def test_an_answer_that_was_stopped_before_anything_was_found_is_no_longer_sought(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    shown = latest(stop(Talk((Exchange("?"),))))
    assert texts.render("searching") not in shown.text
    assert shown.only("p", class_="bericht").text == texts.render("stopped")


@pytest.mark.parametrize(
    ("problem", "key"),
    [
        (InvalidQuestion(reason="x"), "problem_question"),
        (QuestionTooLong(length="3000", limit="2000"), "problem_too_long"),
        (TooManyQuestions(seconds="7"), "problem_too_fast"),
        (IndexMismatch(found="a", wanted="b"), "problem_index"),
        (StorageUnavailable(url="sqlite:///geheim", reason="weg"), "problem"),
        (AssistantError(), "problem"),
    ],
)
def test_a_problem_stands_under_the_question_that_met_it_and_nowhere_else(
    panels: Panels, texts: Texts, problem: AssistantError, key: str
) -> None:
    view = View(Talk((last_exchange(), Exchange("Dan?", claims=CLAIMS[:1]))), problem=problem)
    shown = read(panels.latest(view, CATALOGUE))
    said = shown.only("p", role="alert")
    assert said.text == texts.render(key, **problem.details)
    assert "geheim" not in said.text
    assert "fout" in said.attributes["class"].split()
    assert shown.only("article").attributes["data-stand"] == "failed"
    assert not shown.find("button")
    before = read(panels.earlier(view, CATALOGUE))
    assert not before.find(role="alert")
    assert before.only("article").attributes["data-stand"] == "done"


# ── What the coach says ──────────────────────────────────────────────────────


def test_what_the_coach_asks_stands_there_with_the_answers_to_choose_from(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    shown = latest(of(COACHED))
    assert shown.only("article").attributes["data-stand"] == "coached"
    assert shown.only("div", class_="tekst").only("strong").text == "2"
    assert shown.only("section", class_="vervolg").only("h3").text == texts.render("choices_title")
    assert [one.text for one in shown.find("button", data_doe="vraag")] == ["Mee eens", "Oneens"]
    assert not shown.find("aside")
    assert not shown.find("p", class_="bericht")


def test_what_the_coach_said_is_not_asked_again_rated_or_copied(latest: Callable[[View], Element]) -> None:
    mark = KeptExchange("e1", "", Ending.COACHED, "")
    for exchange in (COACHED, replace(COACHED, kept=mark), Exchange("", kept=mark)):
        assert buttons(latest(of(exchange))) == []


def test_with_a_coach_who_cites_the_passages_stand_beside_it(latest: Callable[[View], Element]) -> None:
    coached = Coached(None, "Dat is zo. [1]", (), (FIRST,))
    shown = latest(of(Exchange("Wat betekent dat?", coached=coached)))
    assert shown.only("ol", class_="bronnen").only("li").attributes["id"] == "bron-1-1"
    assert shown.only("a", class_="noot").attributes["data-noot"] == "bron-1-1"


def test_a_health_check_of_an_earlier_visit_is_a_line_that_says_so(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    shown = latest(of(Exchange("", kept=KeptExchange("e1", "", Ending.COACHED, ""))))
    assert shown.only("h2").text == texts.render("coached_title")
    assert shown.only("p", class_="bericht").text == texts.render("coached")
    assert not shown.find("aside")


# ── What to do with an answer ────────────────────────────────────────────────


def test_an_answer_is_copied_with_its_sources_and_its_literature_apart(
    latest: Callable[[View], Element], texts: Texts, publishing: Texts
) -> None:
    view = last_view()
    exchange = view.exchanges[0]
    whole, literature = latest(view).find("button", data_kopie=None)
    assert (whole.words, literature.words) == (texts.render("copy"), texts.render("copy_literature"))
    copied = copy_text(QUESTION, exchange.markdown, exchange.citations, CATALOGUE, publishing)
    assert whole.attributes["data-kopie"] == copied
    assert QUESTION in copied
    cited = sorted(CATALOGUE.sources.values(), key=lambda source: source.label)
    assert literature.attributes["data-kopie"] == "\n".join(reference(one) for one in cited)
    html = literature.attributes["data-kopie-html"]
    assert html == "".join(f"<p>{reference_html(one)}</p>" for one in cited)
    assert [one.text for one in read(html).find("cite")] == ["Boonstra 2023", "Jansen 2004"]


def test_the_title_of_a_source_is_text_in_what_is_copied_too(panels: Panels) -> None:
    sources = {**CATALOGUE.sources, JANSEN.id: replace(JANSEN, title=MARKUP)}
    shown = read(panels.latest(last_view(), replace(CATALOGUE, sources=sources)))
    copied = read(shown.only("button", data_kopie_html=None).attributes["data-kopie-html"])
    assert {one.tag for one in copied.all} == {"p", "cite"}
    assert MARKUP in [one.text for one in copied.find("cite")]


def test_what_has_no_passages_is_not_copied(latest: Callable[[View], Element], texts: Texts) -> None:
    shown = latest(last_view("Dit is onbekend"))
    assert buttons(shown) == [texts.render("again"), texts.render("rewrite")]


def test_only_the_last_question_is_asked_again_or_rewritten(
    panels: Panels, latest: Callable[[View], Element], texts: Texts
) -> None:
    view = of(last_exchange(), last_exchange())
    assert [
        one.attributes["data-doe"] for one in latest(view).only("div", class_="doen").find(data_doe=None)
    ] == [
        "opnieuw",
        "herschrijf",
    ]
    before = read(panels.earlier(view, CATALOGUE))
    assert not before.find("button", data_doe=None)
    assert texts.render("copy") in buttons(before)


def test_follow_ups_stand_under_the_last_answer_alone(
    panels: Panels, latest: Callable[[View], Element], texts: Texts
) -> None:
    view = of(last_exchange(), last_exchange())
    section = latest(view).only("section", class_="vervolg")
    assert section.only("h3").text == texts.render("follow_ups_title")
    assert [one.text for one in section.find("button", data_doe="vraag")] == list(
        view.exchanges[1].follow_ups
    )
    assert not read(panels.earlier(view, CATALOGUE)).find("section")


@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_what_a_reader_thought_of_an_answer_is_pressed(panels: Panels, verdict: Verdict | None) -> None:
    exchange = reopened()
    assert exchange.kept
    feedback = {exchange.kept.id: Feedback(verdict)} if verdict else {}
    view = View(Talk((exchange, reopened()), "g1", "Vertrouwen", feedback))
    given_ = read(panels.earlier(view, CATALOGUE)).find("button", data_oordeel=None)
    assert [one.attributes["data-oordeel"] for one in given_] == list(Verdict)
    assert {one.attributes["data-antwoord"] for one in given_} == {exchange.kept.id}
    pressed = [one.attributes["data-oordeel"] for one in given_ if one.attributes["aria-pressed"] == "true"]
    assert pressed == ([verdict] if verdict else [])
    other = read(panels.latest(view, CATALOGUE)).find("button", data_oordeel=None)
    assert {one.attributes["aria-pressed"] for one in other} == {"false"}


def test_what_is_not_kept_cannot_be_rated(latest: Callable[[View], Element]) -> None:
    assert not latest(last_view()).find("button", data_oordeel=None)


def test_an_answer_of_this_visit_can_be_rated_once_it_is_kept(latest: Callable[[View], Element]) -> None:
    exchange = last_exchange()
    shown = latest(of(replace(exchange, kept=kept(exchange))))
    assert len(shown.find("button", data_oordeel=None)) == 3


def test_what_became_of_a_model_s_sentences_stands_under_the_answer(
    latest: Callable[[View], Element],
) -> None:
    exchange = last_exchange()
    assert isinstance(exchange.outcome, Answer)
    told = replace(
        exchange, outcome=replace(exchange.outcome, notices=("Eén zin is weggelaten.", "En nog iets."))
    )
    for shown in (latest(of(told)), latest(of(reopened(told)))):
        assert [one.text for one in shown.find("p", class_="kanttekening")] == list(told.notices)


def test_an_answer_of_which_nothing_is_left_says_why(latest: Callable[[View], Element], texts: Texts) -> None:
    exchange = last_exchange()
    assert isinstance(exchange.outcome, Answer)
    emptied = replace(exchange.outcome, markdown="", claims=(), citations=())
    shown = latest(of(reopened(replace(exchange, outcome=emptied, claims=()))))
    assert texts.render("answer_erased") in [one.text for one in shown.find("p", class_="bericht")]


def test_where_a_question_was_sought_stands_with_it(latest: Callable[[View], Element], texts: Texts) -> None:
    assert not latest(last_view()).find("p", class_="bereik")
    filters = Filters(frozenset({JANSEN.id}), frozenset({"rol"}))
    shown = latest(asked(QUESTION, filters=filters)[-1])
    chosen = f"Jansen 2004, {texts.render('kind_rol')}"
    assert shown.only("p", class_="bereik").text == texts.render("scope_of_answer", chosen=chosen)


# ── The conversation ─────────────────────────────────────────────────────────


def test_all_exchanges_but_the_last_stand_before_it_in_order(panels: Panels) -> None:
    view = of(*(replace(last_exchange(), question=f"Vraag {number}") for number in (1, 2, 3)))
    before, now = read(panels.earlier(view, CATALOGUE)), read(panels.latest(view, CATALOGUE))
    assert [one.text for one in before.find("h2")] == ["Vraag 1", "Vraag 2"]
    assert now.only("h2").text == "Vraag 3"
    numbered = [one.attributes["id"] for part in (before, now) for one in part.find("article")]
    assert numbered == ["beurt-1", "beurt-2", "beurt-3"]


def test_a_question_names_what_stands_under_it(panels: Panels) -> None:
    view = of(last_exchange(), last_exchange())
    for shown in (read(panels.earlier(view, CATALOGUE)), read(panels.latest(view, CATALOGUE))):
        for one in shown.find(aria_labelledby=None):
            assert one.only(id=one.attributes["aria-labelledby"]).words


def test_what_was_asked_in_this_visit_is_fresh_and_what_is_opened_again_is_not(panels: Panels) -> None:
    now_kept = replace(last_exchange(), kept=kept(last_exchange()))
    view = of(reopened(), now_kept, reopened())
    before, last = read(panels.earlier(view, CATALOGUE)), read(panels.latest(view, CATALOGUE))
    assert [("data-vers" in one.attributes) for one in before.find("article")] == [False, True]
    assert "data-vers" not in last.only("article").attributes
    assert "data-vers" in read(panels.latest(last_view(), CATALOGUE)).only("article").attributes


def test_an_opened_conversation_reads_as_it_did(panels: Panels) -> None:
    exchange = last_exchange()
    now, again = (read(panels.latest(of(one), CATALOGUE)) for one in (exchange, reopened(exchange)))
    for part, tag in (("tekst", "div"), ("vervolg", "section"), ("bronnen", "ol")):
        assert now.only(tag, class_=part) == again.only(tag, class_=part)
    assert again.only("article").attributes["data-stand"] == "done"


def test_a_refusal_of_an_earlier_visit_is_done_too(latest: Callable[[View], Element], texts: Texts) -> None:
    shown = latest(of(reopened(last_exchange("Dit is onbekend"))))
    assert shown.only("article").attributes["data-stand"] == "done"
    assert shown.only("aside").words == texts.render("no_sources")


def test_a_stopped_answer_of_an_earlier_visit_is_still_said_to_be_stopped(
    latest: Callable[[View], Element], texts: Texts
) -> None:
    shown = latest(of(reopened(Exchange("?", claims=CLAIMS[:1], is_stopped=True))))
    assert shown.only("p", class_="bericht").text == texts.render("stopped")


def test_a_kept_conversation_has_its_title_and_what_can_be_done_with_it(
    earlier: Callable[[View], Element], latest: Callable[[View], Element], texts: Texts
) -> None:
    view = View(Talk((reopened(),), "g1", "Vertrouwen"))
    shown = earlier(view)
    assert shown.only("h1").text == "Vertrouwen"
    menu = shown.only("details", data_gesprek="g1")
    assert menu.only("summary").text == texts.render("conversation_menu")
    assert [one.attributes["href"] for one in menu.find("a", download=None)] == [
        "/gesprekken/g1/bestand?soort=docx",
        "/gesprekken/g1/bestand?soort=md",
    ]
    assert menu.only("button", data_hernoem=None).words == texts.render("rename")
    assert menu.only("button", data_wis=None).words == texts.render("erase")
    assert latest(view).only("div", class_="laatste").attributes["data-gesprek"] == "g1"


def test_a_conversation_that_is_not_kept_is_named_after_its_first_question_and_has_nothing_to_do_with_it(
    earlier: Callable[[View], Element], latest: Callable[[View], Element]
) -> None:
    shown = earlier(of(last_exchange(), last_exchange("En hierna?")))
    assert shown.only("h1").text == QUESTION
    assert not shown.find("details")
    assert "data-gesprek" not in latest(last_view()).only("div", class_="laatste").attributes


def test_an_answer_that_could_not_be_kept_says_so_and_the_one_before_it_does_not(
    panels: Panels, texts: Texts
) -> None:
    view = View(Talk((last_exchange(), last_exchange())), is_unkept=True)
    assert read(panels.latest(view, CATALOGUE)).only("p", class_="bericht").text == texts.render("unkept")
    assert not read(panels.earlier(view, CATALOGUE)).find("p", class_="bericht")


@pytest.mark.parametrize("exchange", [Exchange("?", claims=CLAIMS[:1], is_stopped=True), COACHED])
def test_so_does_what_was_stopped_or_coached(
    latest: Callable[[View], Element], texts: Texts, exchange: Exchange
) -> None:
    shown = latest(View(Talk((exchange,)), is_unkept=True))
    assert texts.render("unkept") in shown.only("p", class_="bericht").text


def test_a_conversation_that_is_gone_is_said_to_be_and_nothing_else_stands_there(
    panels: Panels, texts: Texts
) -> None:
    view = View(absent="gone")
    shown = read(panels.earlier(view, CATALOGUE))
    assert shown.only(role="alert").text == texts.render("gone")
    assert [one.tag for one in shown.all] == ["p"]
    assert panels.latest(view, CATALOGUE) == ""


def test_before_the_first_question_there_is_no_conversation(panels: Panels) -> None:
    assert panels.earlier(View(), CATALOGUE).strip() == ""
    assert panels.latest(View(), CATALOGUE) == ""
    assert panels.hint(View()) == ""


def test_who_rewrites_a_question_is_told_and_can_change_their_mind(panels: Panels, texts: Texts) -> None:
    shown = read(panels.hint(View(Talk((last_exchange(),), is_rewriting=True))))
    assert texts.render("rewriting") in shown.words
    assert shown.only("button", data_doe="laat").words == texts.render("rewriting_cancel")
    assert panels.hint(last_view()) == ""


# ── Around the conversation ──────────────────────────────────────────────────


def test_the_opening_says_what_answers_and_offers_questions(panels: Panels, texts: Texts) -> None:
    shown = read(panels.opening(["Een?", "Twee?"]))
    assert shown.only("h1").text == texts.render("opening_title")
    assert texts.render("opening_automated") in shown.words
    assert shown.only("a").attributes["href"] == "/over"
    assert [one.words for one in shown.find("button", data_doe="vraag")] == ["Een?", "Twee?"]


def test_the_header_marks_the_tab_that_is_open(panels: Panels) -> None:
    shown = read(panels.header())
    assert shown.only("a", aria_current="page").attributes["href"] == "/"
    assert shown.only("a", class_="overslaan").attributes["href"] == "#kolom"


def test_the_head_asks_nothing_of_any_other_host(panels: Panels) -> None:
    shown = read(panels.head())
    asked_for = [one.attributes.get("href") or one.attributes["src"] for one in shown.find("link")]
    asked_for += [one.attributes["src"] for one in shown.find("script")]
    assert len(asked_for) >= 4
    assert all(one.startswith(("/vraag/", "/huis/", "/paginas/")) and "?v=" in one for one in asked_for)
    assert shown.only("meta", name="robots").attributes["content"] == "noindex"


def test_what_can_be_pressed_or_filled_in_has_a_name(panels: Panels) -> None:
    for markup in (panels.side_bar(), panels.windows(2000), panels.header()):
        shown = read(markup)
        assert all(one.words for one in shown.find("button"))
        fields = [one for tag in ("input", "textarea", "select") for one in shown.find(tag)]
        labels = shown.find("label")
        for field in fields:
            inside = [label for label in labels if any(one is field for one in label.all)]
            by_id = [
                label for label in labels if label.attributes.get("for") == field.attributes.get("id", "")
            ]
            assert inside or by_id


def test_the_page_tells_how_long_a_question_may_be(panels: Panels, texts: Texts) -> None:
    counter = read(panels.windows(321)).only("p", id="teller")
    assert counter.attributes["data-meest"] == "321"
    assert counter.attributes["data-tekst"] == texts.render("too_long", most=321)


def test_every_reason_to_find_an_answer_unhelpful_can_be_kept(panels: Panels) -> None:
    reasons = [one.attributes["value"] for one in read(panels.windows(2000)).find("input", name="reasons")]
    assert reasons == ["beside", "incomplete", "unclear", "source"]


# ── How the assistant is ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "key", "values"),
    [
        (Status("v1", 40, (), Progress(12, 140)), "status_building", {"done": 12, "total": 140}),
        (Status("v1", 40, (), Progress(0, 0)), "status_counting", {}),
        (Status(None, 0, (), Progress(1, 9)), "status_preparing", {"done": 1, "total": 9}),
        (Status(None, 0, (), Progress(0, 0)), "status_preparing", {"done": 0, "total": 0}),
        (Status(None, 0, (), None), "status_not_ready", {}),
        (Status("v1", 40, (), None, "Schijf vol."), "status_failure", {"reason": "Schijf vol."}),
        (CARDS_ONLY, "status_no_originals", {}),
        (Status("v1", 40, ("a",), None, degraded=Degraded.OLDER), "status_older", {}),
        (Status("v1", 40, (), Progress(1, 9), degraded=Degraded.KEYWORDS), "status_keywords", {}),
        (
            Status("v1", 40, (), None, "Schijf vol.", degraded=Degraded.KEYWORDS),
            "status_keywords_failure",
            {"reason": "Schijf vol."},
        ),
        (
            Status("v1", 40, (), None, "Schijf vol.", degraded=Degraded.OLDER),
            "status_older_failure",
            {"reason": "Schijf vol."},
        ),
    ],
)
def test_the_status_line_says_what_is_not_there_yet(
    panels: Panels, texts: Texts, status: Status, key: str, values: dict[str, object]
) -> None:
    assert status_line(status, texts) == texts.render(key, **values)
    assert read(panels.status(status)).only("p", class_="statusregel").text == texts.render(key, **values)


def test_an_assistant_with_originals_needs_no_status_line(panels: Panels) -> None:
    assert panels.status(Status("v1", 40, (JANSEN.id,), None)) == ""


def test_the_page_says_which_model_words_answers_and_what_it_is_sent(panels: Panels, texts: Texts) -> None:
    model = ModelInUse("openai:proef", "model.example")
    shown = read(panels.status(Status("v1", 40, ("a",), None, model=model)))
    assert shown.only("p", class_="modelregel").text == texts.render(
        "model", name=model.name, destination=model.destination
    )
    assert not shown.find("p", class_="statusregel")
