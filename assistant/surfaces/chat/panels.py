"""The page's own HTML: templates with autoescape, so that text from documents stays text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.answering.prompts import Texts
from assistant.domain import Catalogue, Citation, Status
from assistant.surfaces.chat.conversation import Exchange, View
from assistant.surfaces.chat.markdown import anchor, show_answer, show_plain

_HERE = Path(__file__).parent
_FOUND_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Entry:
    """A numbered passage as the panel shows it."""

    anchor: str
    number: int
    source: str
    section: str
    quote: str
    is_card: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """The numbered passages of one answer."""

    question: str
    entries: tuple[_Entry, ...]


class Panels:
    """Builds every piece of HTML and Markdown on the page."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["text"] = texts.render

    def head(self) -> str:
        """Return the style, the script and the labels that the script sets."""
        return self._render("head.html", style=_own("style.css"), script=_own("page.js"))

    def header(self) -> str:
        """Return the bar with the logo and the product's name."""
        return self._render("header.html", logo=_own("logo.svg"))

    def opening(self) -> str:
        """Return what the page says before the first question."""
        return self._render("opening.html")

    def follow_ups(self, view: View | None = None) -> str:
        """Return the heading over the ways to go on."""
        is_coached = view is not None and bool(view.exchanges) and view.exchanges[-1].coached is not None
        return self._render("follow_ups.html", is_coached=is_coached)

    def status(self, status: Status) -> str:
        """Return what the assistant can't do now, and what a chat model is sent; empty if nothing."""
        line, model = status_line(status, self._texts), model_line(status, self._texts)
        return self._render("status.html", line=line, model=model) if line or model else ""

    def sources(self, view: View, catalogue: Catalogue | None) -> str:
        """Return the passages under the answers, those of the last answer first and open."""
        groups = [
            _Group(exchange.question, _entries(position, exchange, catalogue))
            for position, exchange in enumerate(view.exchanges, start=1)
        ]
        found = view.exchanges[-1].found if view.exchanges else None
        return self._render(
            "sources.html",
            latest=groups[-1] if groups else None,
            earlier=[group for group in reversed(groups[:-1]) if group.entries],
            found=(found or ())[:_FOUND_SHOWN],
            is_running=view.is_running,
        )

    def messages(self, view: View) -> list[dict[str, str]]:
        """Return the conversation as chat messages in Markdown that holds no active content."""
        shown: list[dict[str, str]] = []
        for position, exchange in enumerate(view.exchanges, start=1):
            shown.append({"role": "user", "content": show_plain(exchange.question)})
            shown.append({"role": "assistant", "content": self._reply(position, exchange, view)})
        return shown

    def _reply(self, position: int, exchange: Exchange, view: View) -> str:
        is_last = position == len(view.exchanges)
        numbers = {citation.number for citation in exchange.citations}
        parts = [show_answer(exchange.markdown, position, numbers)]
        parts += [f"*{show_plain(notice)}*" for notice in exchange.notices]
        if exchange.is_stopped:
            parts.append(self._texts.render("stopped"))
        if is_last and view.problem:
            parts.append(self._texts.render(view.problem_key))
        elif is_last and view.is_running:
            parts.append(self._waiting(exchange))
        return "\n\n".join(part for part in parts if part)

    def _waiting(self, exchange: Exchange) -> str:
        if exchange.claims:
            return self._texts.render("continuing")
        if exchange.found is None:
            return self._texts.render("searching")
        return self._texts.render("composing", count=len(exchange.found))

    def _render(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(**values)


def status_line(status: Status, texts: Texts) -> str:
    """Return in one line what the assistant can't do yet, or an empty text."""
    if status.building and status.is_ready and not status.building.total:
        return texts.render("status_counting")
    if status.building:
        key = "status_building" if status.is_ready else "status_preparing"
        return texts.render(key, done=status.building.done, total=status.building.total)
    if status.failure:
        return texts.render("status_failure", reason=status.failure)
    if not status.is_ready:
        return texts.render("status_not_ready")
    return "" if status.originals else texts.render("status_no_originals")


def model_line(status: Status, texts: Texts) -> str:
    """Return which chat model words the answers and what it is sent, or an empty text."""
    if status.model is None:
        return ""
    return texts.render("model", name=status.model.name, destination=status.model.destination)


def _entries(position: int, exchange: Exchange, catalogue: Catalogue | None) -> tuple[_Entry, ...]:
    return tuple(_entry(position, citation, catalogue) for citation in exchange.citations)


def _entry(position: int, citation: Citation, catalogue: Catalogue | None) -> _Entry:
    evidence = citation.evidence
    source = catalogue.sources.get(evidence.source_id) if catalogue else None
    return _Entry(
        anchor=anchor(position, citation.number),
        number=citation.number,
        source=source.label if source else evidence.source_id,
        section=evidence.section,
        quote=evidence.quote,
        is_card=evidence.span is None,
    )


def _own(file: str) -> Markup:
    """Return a file of this package, which is the only markup that goes in unescaped."""
    return Markup((_HERE / file).read_text(encoding="utf-8"))  # noqa: S704
