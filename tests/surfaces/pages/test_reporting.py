"""The report of a closed check, its actions, its files and its sharing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import CheckKind, ChosenAction
from assistant.settings import Settings
from tests.surfaces.pages.coaching import PARTNERS, Served, links_in, served, visible_text

EIGHT_AND_THREE = ((5, 5, 5, 4), (2, 2, 1, 2), (3, 4, 3))
REMARK = "<script>alert(1)</script> te weinig tijd"


@pytest.fixture(scope="module")
def pages(
    card_settings: Settings, from_cards: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(card_settings, from_cards, tmp_path_factory.mktemp("pages")) as made:
        yield made


@pytest.fixture(scope="module")
def key(pages: Served) -> str:
    """Return the key of a report that is only read."""
    return pages.closed(*EIGHT_AND_THREE, remark=REMARK)


@pytest.fixture
def own_key(pages: Served) -> str:
    """Return the key of a report that only this test has, and may change."""
    return pages.closed(*EIGHT_AND_THREE, remark=REMARK)


def test_a_report_shows_phases_profile_tensions_agenda_actions_and_remarks(pages: Served, key: str) -> None:
    report = pages.checks.report(key)
    page = pages.text(f"/check/rapport/{key}")
    shown = [
        *(phase.sentence for phase in report.phases),
        *(ground.text for phase in report.phases for ground in phase.decided_by),
        *(question.text for phase in report.phases for question in phase.settling),
        *(item.title for condition in report.conditions for item in condition.items),
        *(tension.sentence for tension in report.tensions),
        *(point.question for point in report.agenda),
        *(action.first_step for action in report.suggestions),
        *(remark.text for remark in report.remarks),
        report.disclaimer,
        "11 mensen",
    ]
    assert report.agenda
    assert report.suggestions
    for text in shown:
        assert " ".join(text.split()) in page


def test_charts_are_drawn_in_the_page_and_say_what_they_show(pages: Served, key: str) -> None:
    page = pages.client.get(f"/check/rapport/{key}").text
    labels = re.findall(r'<svg role="img" aria-label="([^"]+)"', page)
    assert len(labels) == len(pages.checks.report(key).phases) + 2


def test_what_people_wrote_stays_text(pages: Served, key: str) -> None:
    page = pages.client.get(f"/check/rapport/{key}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_every_mark_leads_to_a_source_on_the_page_that_leads_to_its_place(pages: Served, key: str) -> None:
    page = pages.client.get(f"/check/rapport/{key}").text
    marks = set(re.findall(r'href="#bron-(\d+)"', page))
    sources = re.findall(r'<li id="bron-(\d+)"', page)
    assert marks == set(sources)
    assert len(sources) == len(set(sources)) > 0
    for link in [one for one in links_in(page) if one.startswith("/kaarten/")]:
        card, _, number = link.partition("#")
        assert not number or f'id="{number}"' in pages.client.get(card).text


@pytest.mark.parametrize("people", [((3,), (4,)), ((), ())], ids=["two people", "nobody"])
def test_under_three_people_no_figure_and_no_remark_is_shown(
    pages: Served, people: tuple[tuple[int, ...], ...]
) -> None:
    key = pages.closed(*people, remark="dit verraadt mij")
    page = pages.client.get(f"/check/rapport/{key}").text
    assert "minstens drie mensen" in visible_text(page)
    assert "<svg role" not in page
    assert "verraadt" not in page
    for kind in ("md", "json"):
        assert "verraadt" not in pages.client.get(f"/check/rapport/{key}.{kind}").text


def test_a_check_that_is_open_has_no_report_yet(pages: Served) -> None:
    made = pages.checks.create("Open", PARTNERS)
    assert pages.client.get(f"/check/rapport/{made.owner_key}").status_code == 409
    assert pages.client.get("/check/rapport/onbekend").status_code == 404


def test_actions_are_chosen_kept_ticked_off_and_taken_out(pages: Served, own_key: str) -> None:
    first = pages.checks.report(own_key).suggestions[0]
    chosen = {
        "actie": first.id, f"titel.{first.id}": first.title, f"trekker.{first.id}": "Anna",
        f"datum.{first.id}": "2027-03-31", "titel.eigen": "Samen lunchen", "trekker.eigen": "Bo",
        "datum.eigen": "2027-02-01",
    }  # fmt: skip
    assert pages.client.post(f"/check/rapport/{own_key}/acties", data=chosen).status_code == 303
    own = ChosenAction("samen-lunchen", "Samen lunchen", "Bo", date(2027, 2, 1))
    assert set(pages.checks.chosen(own_key)) == {
        ChosenAction(first.id, first.title, "Anna", date(2027, 3, 31)),
        own,
    }
    page = pages.client.get(f"/check/rapport/{own_key}?bewaard").text
    assert "De acties zijn bewaard" in page
    assert 'value="Anna"' in page
    done = {
        "actie": own.id, f"titel.{own.id}": own.title, f"trekker.{own.id}": own.owner,
        f"datum.{own.id}": "2027-02-01", "klaar": own.id,
    }  # fmt: skip
    pages.client.post(f"/check/rapport/{own_key}/acties", data=done)
    assert [(one.title, one.is_done) for one in pages.checks.chosen(own_key)] == [("Samen lunchen", True)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"actie": ["a", "b", "c", "d"]}, "hooguit drie"),
        ({"actie": ["a"], "titel.a": "A", "trekker.a": "", "datum.a": "2027-01-01"}, "wie haar trekt"),
        ({"actie": ["a"], "titel.a": "A", "trekker.a": "Anna", "datum.a": ""}, "een datum"),
        ({"trekker.eigen": "Anna", "datum.eigen": "2027-01-01"}, "wat u gaat doen"),
    ],
    ids=["four", "no owner", "no date", "no title"],
)
def test_actions_that_cant_be_chosen_so_are_shown_again_as_they_were_filled_in(
    pages: Served, own_key: str, change: dict[str, str | list[str]], says: str
) -> None:
    suggested = pages.checks.report(own_key).suggestions[0].id
    filled = {f"trekker.{suggested}": "Iemand & co", **change}
    page = pages.client.post(f"/check/rapport/{own_key}/acties", data=filled)
    assert page.status_code == 422
    assert says in visible_text(page.text)
    assert 'value="Iemand &amp; co"' in page.text
    assert pages.checks.chosen(own_key) == ()


def test_open_actions_come_back_in_the_next_round_with_a_trend(pages: Served, own_key: str) -> None:
    pages.checks.choose(own_key, [ChosenAction("", "Samen lunchen", "Bo", date(2027, 2, 1))])
    following = pages.closed(*((5, 5, 5, 5),) * 3, previous=own_key)
    page = pages.client.get(f"/check/rapport/{following}").text
    assert "Samen lunchen" in page
    assert 'id="rondes"' in page
    assert 'id="rondes"' not in pages.client.get(f"/check/rapport/{own_key}").text


def test_a_pulse_shows_only_what_it_asked(pages: Served, own_key: str) -> None:
    pulse = pages.closed(*EIGHT_AND_THREE, kind=CheckKind.PULSE, previous=own_key)
    page = pages.client.get(f"/check/rapport/{pulse}").text
    assert "Korte peiling" in page
    assert 'id="fase"' not in page
    assert 'id="spanningen"' not in page
    assert 'id="profiel"' in page


def test_a_report_is_handed_over_as_word_markdown_and_json(pages: Served, key: str) -> None:
    word, markdown, plain = (
        pages.client.get(f"/check/rapport/{key}.{kind}") for kind in ("docx", "md", "json")
    )
    assert "word/document.xml" in ZipFile(io.BytesIO(word.content)).namelist()
    assert "Vitale wijken" in markdown.text
    assert json.loads(plain.content)["alliance"] == "Vitale wijken"
    assert 'filename="vitale-wijken-ronde-1.json"' in plain.headers["content-disposition"]
    assert pages.client.get(f"/check/rapport/{key}.exe").status_code == 404


def test_a_report_is_shared_by_a_code_and_withdrawn_by_it(pages: Served, own_key: str) -> None:
    portfolio = pages.checks.open_portfolio()
    path = f"/check/rapport/{own_key}/delen"
    answer = pages.client.post(path, data={"code": portfolio.share_code, "wat": "delen"})
    assert "ziet dit rapport nu" in pages.text(answer.headers["location"])
    assert len(pages.checks.shared(portfolio.key)) == 1
    answer = pages.client.post(path, data={"code": portfolio.share_code, "wat": "intrekken"})
    assert "niet meer" in pages.text(answer.headers["location"])
    assert pages.checks.shared(portfolio.key) == ()
    wrong = pages.client.post(path, data={"code": "verkeerd", "wat": "delen"})
    assert (wrong.status_code, "geen enkel portfolio" in visible_text(wrong.text)) == (422, True)


def test_another_site_cant_choose_or_share(pages: Served, own_key: str) -> None:
    for path in ("acties", "delen"):
        sent = pages.client.post(f"/check/rapport/{own_key}/{path}", headers={"sec-fetch-site": "cross-site"})
        assert sent.status_code == 403
