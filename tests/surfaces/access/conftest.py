"""Real keys in a real database, and the gate before an application that tells who came."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap.access import Access
from assistant.domain import KeyScope
from assistant.errors import AssistantError
from assistant.settings import Settings, read_settings
from assistant.storage import Storage
from assistant.surfaces.access import caller_of, spend_questions
from assistant.surfaces.access.guarding import Guarding
from assistant.surfaces.access.limiting import Counter
from assistant.surfaces.api.problems import Problems, headers_of, write_problem
from tests.surfaces.access.product import Product, running

Guarded = Callable[..., TestClient]


@pytest.fixture(scope="session")
def problems() -> Texts:
    return Texts.read(read_settings().prompts / "problems.yaml")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with tables and nothing in them, to copy."""
    file = tmp_path_factory.mktemp("access") / "empty.db"
    Storage.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def access(empty_database: Path, tmp_path: Path) -> Iterator[Access]:
    """Give the keys of a new database: none."""
    file = shutil.copy(empty_database, tmp_path / "access.db")
    with closing(Storage.open(f"sqlite:///{file}")) as storage:
        yield Access(storage)


@pytest.fixture
def key(access: Access) -> str:
    """Give a key that may do everything."""
    return access.create("alles", KeyScope).secret


@pytest.fixture
def guarded(access: Access, problems: Texts) -> Iterator[Guarded]:
    """Give a way to get a client of an application behind the gate; what is given are settings."""
    opened = ExitStack()

    def build(**chosen: object) -> TestClient:
        settings = read_settings(**{"data": Path("/nowhere"), **chosen})
        app = _app(settings, access, problems)
        scheme = "https" if chosen.get("proxies") else "http"
        return opened.enter_context(TestClient(app, f"{scheme}://localhost", follow_redirects=False))

    with opened:
        yield build


def bearer(secret: str) -> dict[str, str]:
    """Return the header that holds a key."""
    return {"Authorization": f"Bearer {secret}"}


def _app(settings: Settings, access: Access, problems: Texts) -> Starlette:
    async def tell(request: Request) -> JSONResponse:
        caller = caller_of(request)
        return JSONResponse({"owner": caller.owner, "scopes": sorted(caller.scopes)})

    async def ask(request: Request) -> JSONResponse:
        spend_questions(request, int(request.query_params.get("count", 1)))
        return JSONResponse({})

    async def report(request: Request, error: Exception) -> Response:
        return write_problem(Problems(problems).describe(error), headers_of(error))

    guarding = Guarding(settings, access, problems, Counter())
    every = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
    asking = Route("/v1/answers", ask, methods=["POST"])
    routes = [asking, *guarding.routes, Route("/{rest:path}", tell, methods=every)]
    app = Starlette(routes=routes)
    app.add_exception_handler(AssistantError, report)
    guarding.stand_before(app)
    return app


@pytest.fixture(scope="session")
def product(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve the whole product over the cards, with keys, once for all these tests."""
    database = tmp_path_factory.mktemp("product") / "assistant.db"
    settings = card_settings.model_copy(update={"database_url": f"sqlite:///{database}"})
    with running(settings) as started:
        yield started
