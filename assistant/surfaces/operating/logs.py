"""Logs as lines for people or as JSON for programs, without what people ask and get."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, TextIO

from assistant.settings import Settings
from assistant.surfaces.operating.routes import masked
from assistant.surfaces.operating.under_way import UnderWay, current_request

_OURS = "assistant"
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s%(of_request)s"
_JSON = ("levelname", "name", "message", "request_id")
_JSON_NAMES = {"levelname": "level", "name": "logger"}
_LONGEST_METHOD = 20

_access = logging.getLogger("assistant.access")
_answers = logging.getLogger("assistant.answers")


def start_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all that is logged to one stream (standard error) in the form that the settings ask for.

    Ours from ``INFO`` up, that of others from ``WARNING`` up. Unless ``log_texts`` is on, an
    exception is logged as its kind and its place: what it says may quote a reader.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_note_request)
    handler.setFormatter(_formatter(settings))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def log_request(request: UnderWay) -> None:
    """Log one line about a request that has ended: never its query, its body or a secret in its path."""
    shown = {
        "method": request.method[:_LONGEST_METHOD],
        "route": request.route or masked(request.path),
        "status": request.status,
        "milliseconds": round(request.seconds * 1000, 1),
        "key": request.key,
    }
    _access.info("%(method)s %(route)s %(status)s %(milliseconds)s ms key=%(key)s", shown, extra=shown)


def log_texts(question: str, answer: str) -> None:
    """Log a question and its answer; only for an operator who asked for that."""
    texts = {"question": question, "answer": answer}
    _answers.info("%(question)r → %(answer)r", texts, extra=texts)


def _note_request(record: logging.LogRecord) -> bool:
    request = current_request()
    record.request_id = request.id if request else None
    record.of_request = f" request={request.id}" if request else ""
    return True


def _formatter(settings: Settings) -> logging.Formatter:
    if settings.log_format == "text":
        return logging.Formatter(_TEXT) if settings.log_texts else _ReticentFormatter(_TEXT)
    from pythonjsonlogger.json import JsonFormatter

    class ReticentJsonFormatter(_Reticent, JsonFormatter):
        """JSON, one object a line."""

    kind = JsonFormatter if settings.log_texts else ReticentJsonFormatter
    return kind(
        list(_JSON), rename_fields=_JSON_NAMES, timestamp="time", json_ensure_ascii=False,
        reserved_attrs=[*_RESERVED, "of_request"],
    )  # fmt: skip


class _Reticent(logging.Formatter):
    """Formats an exception without what it says."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as itself, whatever another formatter made of its exception before."""
        record.exc_text = None
        if record.name.split(".")[0] != _OURS and record.exc_info is None:
            # Such a message may hold the text of an exception: asyncio's does.
            record = logging.makeLogRecord({**record.__dict__, "msg": _first_line(record), "args": None})
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - its name in the class above
        """Return where and of what kind an exception was, and those before it."""
        chain: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None and len(chain) < _LONGEST_CHAIN:
            places = "".join(traceback.format_tb(error.__traceback__))
            chain.insert(0, f"{places}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(chain)


class _ReticentFormatter(_Reticent):
    """Lines for people."""


_LONGEST_CHAIN = 5
_RESERVED = (*logging.makeLogRecord({}).__dict__, "asctime", "message")


def _first_line(record: logging.LogRecord) -> str:
    return record.getMessage().partition("\n")[0]
