"""A supervisor can tell living from ready."""

from __future__ import annotations

import pytest

from assistant.domain import Degraded, ModelInUse, Progress, Status
from tests.fakes import FakeAssistant
from tests.surfaces.api.conftest import Connect


def test_the_process_lives_even_without_an_index(connect: Connect) -> None:
    response = connect(FakeAssistant(status=Status(None, 0, (), None))).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readiness_tells_what_answers_rest_on(connect: Connect) -> None:
    status = Status("v7", 90, ("met-tekst",), Progress(3, 9))
    response = connect(FakeAssistant(status=status)).get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "index_version": "v7",
        "cards": 90,
        "originals": ["met-tekst"],
        "building": {"done": 3, "total": 9},
        "failure": None,
        "model": None,
        "degraded": None,
        "checks": {"index": {"ok": True, "detail": None}},
    }


def test_readiness_names_the_chat_model_that_words_answers(connect: Connect) -> None:
    status = Status("v7", 90, (), None, model=ModelInUse("openai:proefmodel", "model.example"))
    assert connect(FakeAssistant(status=status)).get("/readyz").json()["model"] == "openai:proefmodel"


@pytest.mark.parametrize("degraded", list(Degraded))
def test_readiness_tells_that_the_index_is_damaged(connect: Connect, degraded: Degraded) -> None:
    response = connect(FakeAssistant(status=Status("v7", 90, (), None, degraded=degraded))).get("/readyz")
    assert (response.status_code, response.json()["degraded"]) == (200, degraded.value)


@pytest.mark.parametrize(
    ("status", "slug", "says"),
    [
        (Status(None, 0, (), None), "geen-index", "alliantie index"),
        (Status(None, 0, (), Progress(3, 9)), "in-opbouw", "3 van 9"),
        (Status(None, 0, (), None, "De schijf is vol."), "opbouw-mislukt", "De schijf is vol."),
    ],
)
def test_who_is_not_ready_says_why(connect: Connect, status: Status, slug: str, says: str) -> None:
    response = connect(FakeAssistant(status=status)).get("/readyz")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert response.json()["type"] == f"urn:alliantie:probleem:{slug}"
    assert says in response.json()["detail"]
