"""What the child tells, in lines of JSON: how far it is, and at the end what was read or why it wasn't."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.documents.faults import Fault
from assistant.documents.limits import Limits
from assistant.domain import DocumentFormat, DocumentSection, Notice, ReadText, Span


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is to read, and within which limits."""

    path: str
    format: DocumentFormat
    limits: Limits
    program: str | None
    """Where tesseract is, if anywhere."""

    def to_json(self) -> str:
        """Write the order as one argument."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Order:
        """Read an order."""
        values = json.loads(text)
        limits = Limits(**values["limits"])
        return cls(values["path"], DocumentFormat(values["format"]), limits, values["program"])


@dataclass(frozen=True, slots=True)
class Step:
    """``done`` of ``total`` pages are read."""

    done: int
    total: int
    is_recognising: bool
    """Whether the next page is a scan, for which there is more time."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was read."""

    fault: Fault


Message = Step | Failed | ReadText


def to_line(message: Message) -> bytes:
    """Write a message as a line."""
    match message:
        case Step():
            values: dict[str, object] = {"step": [message.done, message.total, message.is_recognising]}
        case Failed():
            values = {"fault": message.fault.value}
        case ReadText():
            values = {"read": _plain(message)}
    return json.dumps(values).encode() + b"\n"


def from_line(line: bytes) -> Message:
    """Read a message; raise ``ValueError`` where it is none, for the child has read a stranger's file."""
    try:
        values = json.loads(line)
        if "step" in values:
            done, total, is_recognising = values["step"]
            return Step(int(done), int(total), bool(is_recognising))
        if "fault" in values:
            return Failed(Fault(values["fault"]))
        return _read_text(values["read"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("no message") from error


def _plain(read: ReadText) -> dict[str, object]:
    return {
        "text": read.text,
        "sections": [[one.title, one.span.start, one.span.end] for one in read.sections],
        "pages": [[page.start, page.end] for page in read.pages],
        "title": read.title,
        "language": read.language,
        "recognised": read.recognised,
        "unread": read.unread,
        "notices": read.notices,
    }


def _read_text(values: Mapping[str, Any]) -> ReadText:
    read = ReadText(
        text=str(values["text"]),
        sections=tuple(
            DocumentSection(str(title), Span(int(start), int(end)))
            for title, start, end in values["sections"]
        ),
        pages=tuple(Span(int(start), int(end)) for start, end in values["pages"]),
        title=None if values["title"] is None else str(values["title"]),
        language=None if values["language"] is None else str(values["language"]),
        recognised=tuple(int(page) for page in values["recognised"]),
        unread=tuple(int(page) for page in values["unread"]),
        notices=tuple(Notice(notice) for notice in values["notices"]),
    )
    if not read.text.strip() or not _covers(read, [one.span for one in read.sections]):
        raise ValueError("sections that don't cover the text")
    if read.pages and not _covers(read, read.pages):
        raise ValueError("pages that don't cover the text")
    return read


def _covers(read: ReadText, spans: tuple[Span, ...] | list[Span]) -> bool:
    """Tell whether the spans follow each other from the first character to the last."""
    starts = [span.start for span in spans] + [len(read.text)]
    ends = [0] + [span.end for span in spans]
    return starts == ends and all(span.start <= span.end for span in spans)
