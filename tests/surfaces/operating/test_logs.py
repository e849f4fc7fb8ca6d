"""Logs can be read by people and by programs, and keep what readers write to themselves."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from assistant.settings import Settings
from assistant.surfaces.operating.logs import log_request, log_texts, start_logs
from assistant.surfaces.operating.under_way import UnderWay, current_request, enter, read_request_id

PRIVATE = "Hoe lossen Jan en Piet hun ruzie op?"

Start = Callable[..., io.StringIO]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Return how to start logging to a text; what was before is put back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def begin(**fields: object) -> io.StringIO:
        stream = io.StringIO()
        root.handlers[:] = []  # Those of pytest are its own to close.
        start_logs(settings.model_copy(update=fields), stream)
        return stream

    yield begin
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def request_under_way() -> Iterator[UnderWay]:
    request = UnderWay("r-1", "POST", "/v1/nergens/" + "a1" * 20, status=404, key="sleutel-7")
    enter(request)
    yield request
    request.has_ended = True


def fail_with(text: str) -> None:
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise ValueError(text) from error
    except ValueError:
        logging.getLogger("assistant.x").exception("mislukt")


def test_a_request_is_one_line_of_json(start: Start, request_under_way: UnderWay) -> None:
    stream = start(log_format="json")
    log_request(request_under_way)
    line = json.loads(stream.getvalue())
    assert line["request_id"] == "r-1"
    assert (line["method"], line["route"], line["status"]) == ("POST", "/v1/nergens/*", 404)
    assert (line["key"], line["logger"], line["level"]) == ("sleutel-7", "assistant.access", "INFO")
    assert line["milliseconds"] >= 0
    assert "of_request" not in line


def test_a_request_is_one_line_to_read(start: Start, request_under_way: UnderWay) -> None:
    stream = start()
    log_request(request_under_way)
    (line,) = stream.getvalue().splitlines()
    assert "POST /v1/nergens/* 404" in line
    assert "key=sleutel-7" in line
    assert line.endswith("request=r-1")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_an_exception_tells_its_kind_and_place_but_not_what_it_says(start: Start, log_format: str) -> None:
    stream = start(log_format=log_format)
    fail_with(PRIVATE)
    logged = stream.getvalue()
    assert "ValueError" in logged
    assert "KeyError" in logged
    assert "fail_with" in logged
    assert PRIVATE not in logged


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_it_tells_all_to_who_asked_for_texts(start: Start, log_format: str) -> None:
    stream = start(log_format=log_format, log_texts=True)
    fail_with(PRIVATE)
    log_texts("Wat is vertrouwen?", "Vertrouwen is …")
    logged = stream.getvalue()
    assert PRIVATE in logged
    assert "Wat is vertrouwen?" in logged
    assert "Vertrouwen is …" in logged


def test_others_may_warn_but_not_quote(start: Start) -> None:
    stream = start()
    logging.getLogger("httpx").info("POST https://model.example/?q=%s", PRIVATE)
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %r", ValueError(PRIVATE))
    assert "Task exception was never retrieved" in stream.getvalue()
    assert PRIVATE not in stream.getvalue()


def test_a_request_that_has_ended_is_nobodys_any_more(request_under_way: UnderWay) -> None:
    assert current_request() is request_under_way
    request_under_way.has_ended = True
    assert current_request() is None


@pytest.mark.parametrize("sent", ["a", "A.b_c-9", "x" * 64])
def test_an_id_that_is_fit_to_log_is_taken_over(sent: str) -> None:
    assert read_request_id(sent) == sent


@pytest.mark.parametrize("sent", [None, "", "x" * 65, "a b", "a\nb", "é", "<script>"])
def test_another_id_is_replaced(sent: str | None) -> None:
    made = read_request_id(sent)
    assert made != sent
    assert read_request_id(made) == made
