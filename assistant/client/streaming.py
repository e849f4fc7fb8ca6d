"""A stream of server-sent events, over as many connections as it takes; nothing is sent or received here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import uniform

from pydantic import ValidationError

from assistant.client.calls import Call, resume_stream
from assistant.client.problems import CutOff, Unreadable, as_problem
from assistant.client.values import Answered, Claim, Passage, ProblemDetails, StreamEvent, Value

FRUITLESS = 5
"""So many connections in a row may bring nothing new before a stream counts as cut off."""

_VALUES: Mapping[str, Callable[[str], StreamEvent]] = {
    "passage": Passage.model_validate_json,
    "claim": Claim.model_validate_json,
    "answer": Answered.model_validate_json,
    "refusal": Answered.model_validate_json,
}


class _End(Value):
    complete: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One server-sent event."""

    id: str
    name: str
    data: str


class Frames:
    """Cuts the bytes of one connection into events, at CR, LF and CRLF alone.

    The lines of httpx end at U+2028 too, which may stand in an answer.
    """

    def __init__(self) -> None:
        self._left = b""
        self._lines: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Yield the events that are whole now."""
        held = self._left + chunk
        # A CR at the end may be half of a CRLF.
        held, kept = (held[:-1], b"\r") if held.endswith(b"\r") else (held, b"")
        *lines, rest = held.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._left = rest + kept
        for line in lines:
            if line:
                self._lines.append(line.decode("utf-8", "replace"))
            else:
                yield from self._dispatch()

    def _dispatch(self) -> Iterator[Frame]:
        fields: dict[str, list[str]] = {}
        for line in self._lines:
            name, _, value = line.partition(":")
            fields.setdefault(name, []).append(value.removeprefix(" "))
        self._lines = []
        if "data" in fields:
            last = {name: values[-1] for name, values in fields.items()}
            yield Frame(last.get("id", ""), last.get("event", ""), "\n".join(fields["data"]))


class StreamReading:
    """Reads one answer: passes each event on once, and knows what to ask for when a connection breaks."""

    def __init__(self) -> None:
        self.is_whole = False
        """Whether the end was read."""
        self.pause = 0.0
        """Seconds to wait before the next connection."""
        self._stream_id = ""
        self._number = 0
        self._fruitless = 0
        self._frames = Frames()

    def begin(self, headers: Mapping[str, str]) -> None:
        """Begin to read a connection; its head names the stream."""
        self._stream_id = headers.get("X-Stream-Id", self._stream_id)
        self._frames = Frames()

    def feed(self, chunk: bytes) -> Iterator[StreamEvent]:
        """Yield the events that are new; raise the ``Problem`` that the stream tells, or ``Unreadable``."""
        for frame in self._frames.feed(chunk):
            if not self.is_whole and self._is_new(frame):
                yield from self._read(frame)

    def resumption(self) -> Call[None]:
        """Return the request for what is missing; raise ``CutOff`` when that can't be asked for."""
        if not self._stream_id or self._fruitless >= FRUITLESS:
            raise CutOff(self.last_event_id)
        self.pause = min(0.25 * 2**self._fruitless, 4.0) * uniform(0.5, 1.5)  # noqa: S311 - not a secret
        self._fruitless += 1
        return resume_stream(self._stream_id, f"{self._stream_id}:{self._number}")

    @property
    def last_event_id(self) -> str | None:
        """The last event that was read, if any."""
        return f"{self._stream_id}:{self._number}" if self._number else None

    def _is_new(self, frame: Frame) -> bool:
        stream_id, _, number = frame.id.rpartition(":")
        if not (stream_id and number.isascii() and number.isdigit()):
            return True
        if int(number) <= self._number:
            return False
        self._stream_id, self._number, self._fruitless = stream_id, int(number), 0
        return True

    def _read(self, frame: Frame) -> Iterator[StreamEvent]:
        try:
            if frame.name == "error":
                raise as_problem(ProblemDetails.model_validate_json(frame.data))
            if frame.name == "end":
                self._finish(_End.model_validate_json(frame.data))
            elif frame.name in _VALUES:
                yield _VALUES[frame.name](frame.data)
        except ValidationError as error:
            raise Unreadable(f"event {frame.name}: {error}") from error

    def _finish(self, end: _End) -> None:
        if not end.complete:
            raise CutOff(self.last_event_id)
        self.is_whole = True
