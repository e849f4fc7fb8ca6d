"""A visitor's own conversations: found again, renamed, kept as a file, erased and judged; nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents
from assistant.domain import Ending, Feedback, KeptExchange, Verdict
from assistant.settings import Settings, default_prompts
from assistant.surfaces.pages import build_pages
from assistant.surfaces.pages.conversations import MOST_LISTED
from assistant.surfaces.pages.rating import REASONS
from assistant.surfaces.visiting import COOKIE, Visitors
from tests.surfaces.pages.coaching import links_in, visible_text
from tests.surfaces.pages.conftest import Served, with_database

PAGE = {"accept": "text/html"}
JSON = {"accept": "application/json"}


@dataclass(frozen=True)
class Visiting:
    """A browser with its cookie, and what is kept for it."""

    client: TestClient
    conversations: Conversations
    visitor: str

    def talk(self, title: str, question: str = "Wat is vertrouwen?", answer: str = "Dat groeit.") -> str:
        """Keep a conversation of one question, and return its id; that of the answer is as ``Title-1``."""
        exchange = KeptExchange(f"{title.split(maxsplit=1)[0]}-1", question, Ending.ANSWERED, answer)
        return self.conversations.keep(self.visitor, exchange, title)

    def titles(self, search: str = "") -> list[str]:
        """Return the titles on the page, from top to bottom."""
        page = self.client.get("/gesprekken", params={"zoek": search}).text
        return re.findall(r'<a href="/\?gesprek=[^"]+">([^<]+)</a>', page)


@pytest.fixture
def settings(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a database of the test's own: the ids of its answers are in no other."""
    return with_database(card_settings, tmp_path_factory)


@pytest.fixture
def coaching(settings: Settings, from_cards: Assistant) -> Iterator[Coach]:
    with closing(Coach.open(settings, from_cards)) as coaching:
        yield coaching


@pytest.fixture
def served(settings: Settings) -> Iterator[Served]:
    """A server over the same database."""
    running = Served.start(settings)
    yield running
    running.kill()


@pytest.fixture
def conversations(settings: Settings, from_cards: Assistant, coaching: Coach) -> Conversations:
    return Conversations(settings, from_cards, coaching.storage)


@pytest.fixture
def app(
    settings: Settings, from_cards: Assistant, coaching: Coach, conversations: Conversations
) -> Starlette:
    documents = Documents(settings, coaching.storage)
    routes = build_pages(coaching, from_cards, settings.prompts, conversations, documents)
    return Starlette(routes=routes, middleware=[Middleware(Visitors)])


@pytest.fixture
def own(app: Starlette, conversations: Conversations) -> Iterator[Visiting]:
    with TestClient(app, base_url="http://localhost", follow_redirects=False, headers=PAGE) as client:
        yield _visiting(client, conversations)


@pytest.fixture
def other(app: Starlette, conversations: Conversations) -> Iterator[Visiting]:
    with TestClient(app, base_url="http://localhost", follow_redirects=False, headers=PAGE) as client:
        yield _visiting(client, conversations)


@pytest.fixture(scope="module")
def said() -> Texts:
    return Texts.read(default_prompts() / "pages_conversations.yaml")


def _visiting(client: TestClient, conversations: Conversations) -> Visiting:
    client.get("/gesprekken")
    return Visiting(client, conversations, client.cookies[COOKIE])


# ── The list ─────────────────────────────────────────────────────────────────


def test_who_has_no_conversations_reads_so_and_can_begin_one(own: Visiting) -> None:
    page = own.client.get("/gesprekken").text
    assert "Er zijn nog geen gesprekken" in page
    assert "Wis alle gesprekken" not in page
    assert "/" in links_in(page)


def test_the_newest_conversation_stands_on_top_and_leads_to_where_it_goes_on(own: Visiting) -> None:
    own.talk("Over <b>vertrouwen</b>")
    newest = own.talk("Over fasen & paradoxen")
    assert own.titles() == ["Over fasen &amp; paradoxen", "Over &lt;b&gt;vertrouwen&lt;/b&gt;"]
    page = own.client.get("/gesprekken").text
    assert f"/?gesprek={newest}" in links_in(page)
    assert re.search(r"Vandaag \d{1,2}:\d\d", visible_text(page))


def test_a_search_finds_titles_questions_and_answers(own: Visiting, said: Texts) -> None:
    own.talk("Eerste", "Wat is een alliantie?")
    own.talk("Tweede", answer="Een paradox los je niet op.")
    assert own.titles("alliantie") == ["Eerste"]
    assert own.titles("paradox") == ["Tweede"]
    assert own.titles("eerste") == ["Eerste"]
    page = own.client.get("/gesprekken?zoek=<i>niets").text
    assert said.render("found_none", search="<i>niets") in visible_text(page)
    assert 'value="&lt;i&gt;niets"' in page


@pytest.mark.parametrize("search", ["%", "_", "%00", "a" * 5000, "%ED%A0%80", "' OR 1=1 --"])
def test_no_search_breaks_the_page_or_finds_what_it_does_not_say(own: Visiting, search: str) -> None:
    own.talk("Vertrouwen")
    for path in ("/gesprekken", "/gesprekken/lijst"):
        answer = own.client.get(f"{path}?zoek={search}")
        assert answer.status_code == 200
        assert ("gesprek=" in answer.text) is (search == "%00")


def test_a_list_that_is_cut_off_says_so(own: Visiting, said: Texts) -> None:
    for number in range(MOST_LISTED + 1):
        own.talk(f"Gesprek {number}")
    assert len(own.titles()) == MOST_LISTED
    assert said.render("most", most=MOST_LISTED) in own.client.get("/gesprekken").text


def test_the_side_bar_gets_a_list_by_period_in_which_the_open_one_is_current(own: Visiting) -> None:
    first, second = own.talk("Eerste"), own.talk("Tweede")
    fragment = own.client.get(f"/gesprekken/lijst?open={first}").text
    assert fragment.lstrip().startswith('<ul class="gesprekken">')
    assert "<html" not in fragment
    assert visible_text(fragment) == "Vandaag Tweede Eerste"
    assert re.findall(r'gesprek=([^"]+)"[^>]*aria-current="page"', fragment) == [first]
    assert f"/?gesprek={second}" in links_in(fragment)


def test_the_side_bar_says_when_there_is_nothing(own: Visiting, said: Texts) -> None:
    assert visible_text(own.client.get("/gesprekken/lijst").text) == said.render("empty")
    own.talk("Vertrouwen")
    found = own.client.get("/gesprekken/lijst?zoek=fasen").text
    assert visible_text(found) == said.render("found_none", search="fasen")


def test_who_sends_no_cookie_sees_nobody_s_conversations(own: Visiting, app: Starlette) -> None:
    own.talk("Geheim")
    client = TestClient(app, base_url="http://localhost")
    for path, headers in (("/gesprekken", PAGE), ("/gesprekken/lijst", {"accept": "*/*"})):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200
        assert "Geheim" not in answer.text
        client.cookies.clear()


# ── What can be done with one ────────────────────────────────────────────────


def test_a_conversation_gets_another_name(own: Visiting) -> None:
    id_ = own.talk("Oude naam")
    answer = own.client.post(f"/gesprekken/{id_}/naam", data={"titel": "  Nieuwe <naam>  "})
    assert answer.status_code == 303
    page = own.client.get(answer.headers["location"]).text
    assert "De naam is veranderd." in page
    assert own.conversations.conversation(own.visitor, id_).title == "Nieuwe <naam>"
    assert own.titles() == ["Nieuwe &lt;naam&gt;"]


@pytest.mark.parametrize("title", ["", "   ", "a" * 500])
def test_a_name_that_cannot_be_leaves_a_conversation_with_one_that_can(own: Visiting, title: str) -> None:
    id_ = own.talk("Oude naam")
    own.client.post(f"/gesprekken/{id_}/naam", data={"titel": title})
    assert 1 <= len(own.conversations.conversation(own.visitor, id_).title) <= 200


@pytest.mark.parametrize(
    ("kind", "start"), [("docx", b"PK"), ("md", b"# Over vertrouwen & fasen")], ids=["Word", "Markdown"]
)
def test_a_conversation_is_kept_as_a_file(own: Visiting, kind: str, start: bytes) -> None:
    id_ = own.talk("Over vertrouwen & fasen")
    answer = own.client.get(f"/gesprekken/{id_}/bestand?soort={kind}")
    assert answer.content.startswith(start)
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="over-vertrouwen-fasen.{kind}"'
    assert "set-cookie" not in answer.headers


def test_there_is_no_file_of_another_kind(own: Visiting) -> None:
    id_ = own.talk("Vertrouwen")
    for query in ("", "?soort=", "?soort=exe"):
        assert own.client.get(f"/gesprekken/{id_}/bestand{query}").status_code == 404


def test_erasing_a_conversation_asks_first_and_takes_that_one_alone(own: Visiting) -> None:
    kept, gone = own.talk("Blijft"), own.talk("Verdwijnt")
    page = own.client.get(f"/gesprekken/{gone}/wissen").text
    assert "Verdwijnt" in page
    assert f'<form method="post" action="/gesprekken/{gone}/wissen"' in page
    assert own.titles() == ["Verdwijnt", "Blijft"]
    answer = own.client.post(f"/gesprekken/{gone}/wissen")
    assert "Het gesprek is gewist." in own.client.get(answer.headers["location"]).text
    assert own.titles() == ["Blijft"]
    assert own.client.get(f"/gesprekken/{gone}/wissen").status_code == 404
    assert own.conversations.conversation(own.visitor, kept).title == "Blijft"


def test_erasing_everything_asks_first_and_leaves_others_alone(own: Visiting, other: Visiting) -> None:
    own.talk("Eerste")
    own.talk("Tweede")
    other.talk("Van een ander")
    page = own.client.get("/gesprekken/wissen").text
    assert "al uw gesprekken, met vragen, antwoorden en bronnen" in page
    assert "uw oordelen en opmerkingen" in page
    assert len(own.titles()) == 2
    answer = own.client.post("/gesprekken/wissen")
    assert "Al uw gesprekken zijn gewist." in own.client.get(answer.headers["location"]).text
    assert (own.titles(), other.titles()) == ([], ["Van een ander"])


def test_a_message_that_the_address_makes_up_is_not_shown(own: Visiting) -> None:
    page = own.client.get("/gesprekken?gedaan=uw-geld-is-weg").text
    assert "melding" not in page
    assert "geld" not in page


# ── Feedback ─────────────────────────────────────────────────────────────────


def _given(own: Visiting, id_: str) -> dict[str, Feedback]:
    return dict(own.conversations.conversation(own.visitor, id_).feedback)


def test_what_somebody_thinks_of_an_answer_is_kept_and_thanked_for(own: Visiting, said: Texts) -> None:
    id_ = own.talk("Vertrouwen")
    form = {"verdict": "unhelpful", "reasons": ["incomplete", "source"], "remark": " Waar staat dit? "}
    answer = own.client.post("/gesprekken/oordeel/Vertrouwen-1", data=form, headers=JSON)
    assert answer.json() == {"message": said.render("done.thanks_remark")}
    assert "beheerder" in answer.json()["message"]
    expected = Feedback(Verdict.UNHELPFUL, ("incomplete", "source"), "Waar staat dit?")
    assert _given(own, id_) == {"Vertrouwen-1": expected}


def test_who_changes_their_mind_is_heard_once_and_can_take_it_back(own: Visiting, said: Texts) -> None:
    id_, address = own.talk("Vertrouwen"), "/gesprekken/oordeel/Vertrouwen-1"
    own.client.post(address, data={"verdict": "wrong", "remark": "Dit klopt niet."}, headers=JSON)
    own.client.post(address, data={"verdict": "helpful"}, headers=JSON)
    assert _given(own, id_) == {"Vertrouwen-1": Feedback(Verdict.HELPFUL)}
    answer = own.client.post(address, data={"intrekken": "1"}, headers=JSON)
    assert answer.json() == {"message": said.render("done.withdrawn")}
    assert _given(own, id_) == {}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verdict": "prachtig"},
        {"verdict": "unhelpful", "reasons": "verzonnen"},
        {"verdict": "helpful", "reasons": "unclear"},
    ],
)
def test_feedback_that_no_form_offers_is_refused_in_dutch(own: Visiting, form: dict[str, str]) -> None:
    id_ = own.talk("Vertrouwen")
    answer = own.client.post("/gesprekken/oordeel/Vertrouwen-1", data=form, headers=JSON)
    assert (answer.status_code, list(answer.json())) == (400, ["message"])
    assert _given(own, id_) == {}


def test_a_remark_that_is_too_long_is_refused_in_dutch(own: Visiting, said: Texts) -> None:
    id_, form = own.talk("Vertrouwen"), {"verdict": "wrong", "remark": "a" * 2001}
    answer = own.client.post("/gesprekken/oordeel/Vertrouwen-1", data=form, headers=JSON)
    assert (answer.status_code, answer.json()) == (422, {"message": said.render("remark_unreadable")})
    page = own.client.post("/gesprekken/oordeel/Vertrouwen-1", data=form)
    assert (page.status_code, said.render("remark_unreadable.title") in page.text) == (422, True)
    assert _given(own, id_) == {}


def test_without_javascript_feedback_ends_on_a_page_that_thanks(own: Visiting, said: Texts) -> None:
    own.talk("Vertrouwen")
    answer = own.client.post("/gesprekken/oordeel/Vertrouwen-1", data={"verdict": "helpful"})
    assert answer.status_code == 303
    assert said.render("done.thanks") in visible_text(own.client.get(answer.headers["location"]).text)


def test_every_reason_has_a_name() -> None:
    page = Texts.read(default_prompts() / "page.yaml")
    named = {key.removeprefix("reason_") for key in page.entries if key.startswith("reason_")}
    assert named == {reason for reasons in REASONS.values() for reason in reasons}


# ── Nobody else's ────────────────────────────────────────────────────────────

READING = ["/gesprekken/{}/wissen", "/gesprekken/{}/bestand?soort=md", "/gesprekken/{}/bestand?soort=docx"]
WRITING = ["/gesprekken/{}/naam", "/gesprekken/{}/wissen"]


def _try_all(visiting: Visiting, id_: str, headers: dict[str, str]) -> list[tuple[int, str]]:
    client = visiting.client
    answers = [client.get(path.format(id_), headers=headers) for path in READING]
    answers += [client.post(path.format(id_), data={"titel": "Gekaapt"}, headers=headers) for path in WRITING]
    return [(answer.status_code, answer.text) for answer in answers]


@pytest.mark.parametrize("headers", [PAGE, JSON], ids=["page", "JSON"])
def test_another_visitor_s_conversation_looks_just_like_none(
    own: Visiting, other: Visiting, headers: dict[str, str]
) -> None:
    id_ = own.talk("Geheim")
    assert _try_all(other, id_, headers) == _try_all(other, "bestaat-niet", headers)
    assert {status for status, _ in _try_all(other, id_, headers)} == {404}
    assert own.titles() == ["Geheim"]
    assert other.titles() == []


def test_another_visitor_s_answer_cannot_be_judged(own: Visiting, other: Visiting) -> None:
    id_ = own.talk("Geheim")
    for form in ({"verdict": "wrong"}, {"intrekken": "1"}):
        answer = other.client.post("/gesprekken/oordeel/Geheim-1", data=form, headers=JSON)
        assert answer.status_code == 404
    assert _given(own, id_) == {}


@pytest.mark.parametrize("id_", ["%00", "a" * 5000, "%F0%9F%94%91", "%ED%A0%80", "..%2Fwissen"])
def test_an_address_that_nobody_made_is_a_kind_404(own: Visiting, id_: str) -> None:
    assert {status for status, _ in _try_all(own, id_, PAGE)} == {404}


def test_an_address_under_the_list_that_does_not_exist_leads_back_to_it(own: Visiting) -> None:
    for path in ("/gesprekken/niets", "/gesprekken/a/b/c", "/gesprekken/a/naam"):
        answer = own.client.get(path)
        assert answer.status_code == 404
        assert "/gesprekken" in links_in(answer.text)


@pytest.mark.parametrize("path", ["/{}/naam", "/{}/wissen", "/wissen", "/oordeel/Vertrouwen-1"])
def test_another_site_changes_nothing(own: Visiting, path: str) -> None:
    id_ = own.talk("Vertrouwen")
    form = {"titel": "Gekaapt", "verdict": "wrong"}
    headers = {"sec-fetch-site": "cross-site"}
    answer = own.client.post(f"/gesprekken{path.format(id_)}", data=form, headers=headers)
    assert answer.status_code == 403
    assert (own.titles(), _given(own, id_)) == (["Vertrouwen"], {})


def test_nothing_of_a_visitor_is_stored_along_the_way(own: Visiting) -> None:
    id_ = own.talk("Vertrouwen")
    for path in ("", "/lijst", "/wissen", f"/{id_}/wissen", f"/{id_}/bestand?soort=md"):
        assert own.client.get(f"/gesprekken{path}").headers["cache-control"] == "no-store"


# ── In a browser ─────────────────────────────────────────────────────────────


@pytest.mark.browser
def test_without_javascript_a_conversation_is_renamed_and_erased(
    served: Served, open_page: Callable[..., Page], conversations: Conversations
) -> None:
    page = open_page(f"{served.address}/gesprekken", 360, javascript=False)
    [visitor] = [one["value"] for one in page.context.cookies() if one["name"] == COOKIE]
    exchange = KeptExchange("a-1", "Wat is vertrouwen?", Ending.ANSWERED, "Dat groeit.")
    conversations.keep(visitor, exchange, "Oude naam")
    page.reload()
    page.get_by_text("Meer: Oude naam").click()
    page.get_by_label("Naam van het gesprek").fill("Nieuwe naam")
    page.get_by_role("button", name="Hernoem").click()
    expect(page.get_by_role("link", name="Nieuwe naam", exact=True)).to_be_visible()
    page.get_by_text("Meer: Nieuwe naam").click()
    page.get_by_role("link", name=re.compile("^Wis … ?: Nieuwe naam$")).click()
    page.get_by_role("button", name="Wis dit gesprek").click()
    expect(page.get_by_text("Het gesprek is gewist.")).to_be_visible()
    assert conversations.listed(visitor) == ()
