"""What the assistant tells of itself follows what it is at that moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.documents import Documents
from assistant.domain import Catalogue, Document, ModelInUse, OwnDocument, Progress, Status
from assistant.errors import IndexUnavailable
from assistant.settings import default_prompts
from assistant.surfaces.pages.about import AboutPages
from assistant.surfaces.pages.documents import DocumentPages, DocumentTexts
from assistant.surfaces.pages.site import Site
from tests.surfaces.pages.coaching import visible_text

TEXTS = Texts.read(default_prompts() / "pages_about.yaml")
PRESENT = "alliantiemanager"


@dataclass(frozen=True)
class Standstill:
    """An assistant at one moment."""

    shelf: Catalogue | None
    now: Status

    @property
    def catalogue(self) -> Catalogue:
        if self.shelf is None:
            raise IndexUnavailable(folder="/var/ergens")
        return self.shelf

    def status(self) -> Status:
        return self.now


class Shelf(Documents):
    """Holds no documents, and has no database."""

    def __init__(self) -> None:
        pass

    def list(self, owner: str) -> tuple[OwnDocument, ...]:
        return ()


@pytest.fixture(scope="module")
def catalogue(from_cards: Assistant) -> Catalogue:
    return from_cards.catalogue


@pytest.fixture(scope="module")
def status(from_cards: Assistant) -> Status:
    return from_cards.status()


def shown(running: Standstill, texts: Texts, house: Texts, path: str, days: int | None = None) -> str:
    site = Site(texts, house)
    documents = DocumentPages(site, DocumentTexts.read(default_prompts()), running, Shelf())
    routes = [*AboutPages(site, TEXTS, running, days).routes, *documents.routes]
    answer = TestClient(Starlette(routes=routes)).get(path)
    assert answer.status_code == 200
    return answer.text


def test_it_says_that_it_is_a_program_and_names_every_source_and_the_version(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    page = visible_text(shown(Standstill(catalogue, status), texts, house, "/over"))
    assert TEXTS.render("about_lead") in page
    assert all(source.title in page for source in catalogue.sources.values())
    assert str(len(catalogue.cards)) in page
    assert status.index_version is not None
    assert status.index_version in page


def test_without_a_model_it_says_that_nothing_leaves(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    page = visible_text(shown(Standstill(catalogue, status), texts, house, "/over"))
    assert TEXTS.render("leaves_nothing") in page


def test_with_a_model_it_says_what_goes_where(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    speaking = replace(status, model=ModelInUse("openai:proef", "api.proef.example"))
    page = visible_text(shown(Standstill(catalogue, speaking), texts, house, "/over"))
    named = TEXTS.render("leaves_model", name="openai:proef", destination="api.proef.example")
    assert named in page
    assert TEXTS.render("leaves_nothing") not in page
    assert TEXTS.render("step_compose_alone") not in page


@pytest.mark.parametrize("days", [None, 30])
def test_it_says_how_long_things_are_kept(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts, days: int | None
) -> None:
    page = visible_text(shown(Standstill(catalogue, status), texts, house, "/over", days))
    assert (TEXTS.render("kept_until") in page) is (days is None)
    assert (TEXTS.render("kept_days", days=30) in page) is (days == 30)


@pytest.mark.parametrize("path", ["/over", "/documenten"])
def test_before_the_first_index_the_pages_are_there_and_say_so(texts: Texts, house: Texts, path: str) -> None:
    page = visible_text(shown(Standstill(None, Status(None, 0, (), None)), texts, house, path))
    assert TEXTS.render("no_index") in page
    assert "/var/ergens" not in page


def test_the_documents_say_of_each_source_whether_its_text_is_here(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    here = replace(catalogue, documents={PRESENT: Document(PRESENT, "Tekst.", (), ())})
    page = shown(Standstill(here, status), texts, house, "/documenten")
    assert page.count(TEXTS.render("document_present")) == 1
    assert page.count(TEXTS.render("document_absent")) == len(catalogue.sources) - 1
    assert TEXTS.render("now_some", present=1, count=len(catalogue.sources)) in page
    assert all(f"{one}.txt" in page for one in catalogue.sources)


def test_the_documents_show_how_far_a_build_is_and_look_again_by_themselves(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    page = shown(
        Standstill(catalogue, replace(status, building=Progress(12, 140))), texts, house, "/documenten"
    )
    assert '<progress value="12" max="140"' in page
    assert "refresh.js" in page
    assert TEXTS.render("building_meanwhile") in visible_text(page)


def test_a_build_that_is_still_counting_shows_no_bar(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    page = shown(Standstill(catalogue, replace(status, building=Progress(0, 0))), texts, house, "/documenten")
    assert "<progress" not in page
    assert TEXTS.render("building_counting") in visible_text(page)


def test_the_documents_say_why_the_last_build_failed(
    catalogue: Catalogue, status: Status, texts: Texts, house: Texts
) -> None:
    failed = replace(status, failure="Het bestand <b> is leeg.")
    page = shown(Standstill(catalogue, failed), texts, house, "/documenten")
    assert "Het bestand &lt;b&gt; is leeg." in page
    assert TEXTS.render("failed_still") in visible_text(page)


def test_both_pages_light_their_own_tab(client: TestClient, house: Texts) -> None:
    for path in ("over", "documenten"):
        assert (
            f'href="/{path}" aria-current="page">{house.render(f"tab.{path}")}<'
            in client.get(f"/{path}").text
        )
