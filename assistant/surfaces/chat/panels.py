"""The page's own HTML: templates with autoescape, so that text from documents stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assistant.answering.prompts import Texts
from assistant.domain import (
    MOST_DOCUMENT_BYTES,
    Catalogue,
    Citation,
    Ending,
    Feedback,
    Passage,
    Status,
    Verdict,
)
from assistant.errors import (
    AssistantError,
    IndexUnavailable,
    InvalidQuestion,
    QuestionTooLong,
    QuotaSpent,
    TooManyQuestions,
)
from assistant.publishing.references import (
    copy_text,
    literature,
    own_cited,
    own_reference,
    reference,
    reference_html,
)
from assistant.surfaces import look
from assistant.surfaces.assets import Assets
from assistant.surfaces.chat.conversation import Exchange, View
from assistant.surfaces.chat.markdown import Mark, answer_html
from assistant.surfaces.chat.scope import Scope
from assistant.surfaces.pages.marking import link_to, passage_link
from assistant.surfaces.pages.rating import REASONS
from assistant.surfaces.pages.site import ASSETS as PAGE_ASSETS
from assistant.surfaces.uploads import MEGABYTE

_HERE = Path(__file__).parent
ASSETS = Assets("/vraag", _HERE / "static")
"""The page's own style and scripts."""
_FOUND_SHOWN = 3
_PROBLEMS: tuple[tuple[type[AssistantError], str], ...] = (
    (QuestionTooLong, "problem_too_long"),
    (InvalidQuestion, "problem_question"),
    (QuotaSpent, "problem_quota"),
    (TooManyQuestions, "problem_too_fast"),
    (IndexUnavailable, "problem_index"),
    (AssistantError, "problem"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered passage as it stands beside an answer."""

    id: str
    number: int
    source: str
    section: str
    quote: str
    is_card: bool
    link: str
    """The page where it can be read, and whose address can be shared."""
    passage: str
    """The address of the passage in its surroundings, for the side panel."""
    page: int | None = None
    is_own: bool = False
    """Whether it is of a document that somebody added."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What the reader can take along of an answer."""

    text: str
    """The question, the answer and its sources, as plain text."""
    literature: str
    """The references, one on a line."""
    literature_html: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An exchange as the page shows it."""

    number: int
    id: str
    question: str
    scope: str
    state: str
    """``searching``, ``composing``, ``done``, ``stopped``, ``coached`` or ``failed``."""
    body: Markup
    notices: tuple[str, ...]
    note: str
    """What there is to say instead of an answer, or behind what there is of one."""
    entries: tuple[Entry, ...]
    found: tuple[Passage, ...]
    follow_ups: tuple[str, ...]
    copies: Copies | None
    feedback: Feedback | None
    is_fresh: bool
    """Whether it was asked in this visit, so that a reader waits for it."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.state not in ("searching", "composing")


class Panels:
    """Builds every piece of HTML on the page."""

    def __init__(self, texts: Texts, house: Texts, publishing: Texts, scope: Scope) -> None:
        self._texts, self._publishing, self._scope = texts, publishing, scope
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            text=texts.render, asset=ASSETS.address, page_asset=PAGE_ASSETS.address
        )
        look.furnish(self._environment, house)

    def head(self) -> str:
        """Return the style and the scripts, and the texts that the scripts show."""
        return self._render("head.html")

    def header(self) -> str:
        """Return the bar with the logo, the product's name and the tabs."""
        return self._render("chat_header.html")

    def opening(self, questions: Sequence[str]) -> str:
        """Return what the page says before the first question."""
        return self._render("opening.html", questions=questions)

    def side_bar(self) -> str:
        """Return the frame of the list of conversations, which the browser fetches."""
        return self._render("side_bar.html")

    def windows(self, max_question_length: int) -> str:
        """Return what is there but hidden: the passage, the dialogs and the notices."""
        return self._render(
            "windows.html",
            most=max_question_length,
            reasons=REASONS[Verdict.UNHELPFUL],
            most_bytes=MOST_DOCUMENT_BYTES,
            megabytes=MOST_DOCUMENT_BYTES // MEGABYTE,
        )

    def status(self, status: Status) -> str:
        """Return what the assistant can't do now, and what a chat model is sent; empty if nothing."""
        line, model = status_line(status, self._texts), model_line(status, self._texts)
        return self._render("status.html", line=line, model=model) if line or model else ""

    def earlier(self, view: View, catalogue: Catalogue | None) -> str:
        """Return the title of the conversation and all exchanges but the last."""
        turns = [self._turn(number, view, catalogue) for number in range(1, len(view.exchanges))]
        return self._render("earlier.html", turns=turns, talk=view.talk, absent=view.absent)

    def latest(self, view: View, catalogue: Catalogue | None) -> str:
        """Return the last exchange, with the ways to go on from it."""
        if not view.exchanges:
            return ""
        turn = self._turn(len(view.exchanges), view, catalogue)
        last = view.exchanges[-1]
        return self._render("latest.html", it=turn, talk=view.talk, is_coached=last.ending is Ending.COACHED)

    def hint(self, view: View) -> str:
        """Return what is different about the next question; empty if nothing."""
        return self._render("hint.html") if view.talk.is_rewriting else ""

    def _turn(self, number: int, view: View, catalogue: Catalogue | None) -> Turn:
        exchange = view.exchanges[number - 1]
        is_last = number == len(view.exchanges)
        state = _state(exchange, view if is_last else None)
        entries = tuple(_entry(number, one, catalogue) for one in exchange.citations)
        marks = {one.number: Mark(one.link, f"{one.source}, {one.section}", one.id) for one in entries}
        is_quotable = catalogue is not None and state == "done" and bool(entries)
        return Turn(
            number=number,
            id=exchange.kept.id if exchange.kept else "",
            question=exchange.question,
            scope=self._scope.describe(exchange.filters),
            state=state,
            body=answer_html(exchange.markdown, marks),
            notices=exchange.notices,
            note=self._note(exchange, state, view, is_unkept=is_last and view.is_unkept),
            entries=entries,
            found=(exchange.found or ())[:_FOUND_SHOWN],
            follow_ups=exchange.follow_ups if is_last and not view.is_running else (),
            copies=self._copies(exchange, catalogue) if is_quotable and catalogue else None,
            feedback=view.talk.feedback.get(exchange.kept.id) if exchange.kept else None,
            is_fresh=not exchange.is_reopened,
        )

    def _note(self, exchange: Exchange, state: str, view: View, *, is_unkept: bool) -> str:
        unkept = self._texts.render("unkept") if is_unkept else ""
        match state:
            case "failed":
                return self._problem(view.problem or AssistantError())
            case "composing" if not exchange.claims:
                return self._texts.render("composing", count=len(exchange.found or ()))
            case "stopped":
                return f"{self._texts.render('stopped')} {unkept}".rstrip()
        key = _plain_note(exchange, state)
        return self._texts.render(key) if key else unkept

    def _problem(self, problem: AssistantError) -> str:
        key = next(key for kind, key in _PROBLEMS if isinstance(problem, kind))
        return self._texts.render(key, **problem.details)

    def _copies(self, exchange: Exchange, catalogue: Catalogue) -> Copies:
        sources = literature(exchange.citations, catalogue)
        own = [own_reference(one, self._publishing) for one in own_cited(exchange.citations)]
        return Copies(
            copy_text(exchange.question, exchange.markdown, exchange.citations, catalogue, self._publishing),
            "\n".join([*map(reference, sources), *own]),
            "".join([*(f"<p>{reference_html(one)}</p>" for one in sources), *map(_paragraph, own)]),
        )

    def _render(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(**values)


def _plain_note(exchange: Exchange, state: str) -> str | None:
    """Return the key of a note that says nothing about this very exchange, if there is one."""
    match state:
        case "searching":
            return "searching"
        case "coached" if not exchange.coached:
            return "coached"
        case "done" if not exchange.markdown.strip():  # It came from an own document, and that was erased.
            return "answer_erased"
    return None


def status_line(status: Status, texts: Texts) -> str:
    """Return in one line what the assistant can't do yet, or an empty text."""
    if status.degraded and not status.failure:
        return texts.render(f"status_{status.degraded}")
    if status.building and status.is_ready and not status.building.total:
        return texts.render("status_counting")
    if status.building:
        key = "status_building" if status.is_ready else "status_preparing"
        return texts.render(key, done=status.building.done, total=status.building.total)
    if status.failure:
        key = f"status_{status.degraded}_failure" if status.degraded else "status_failure"
        return texts.render(key, reason=status.failure)
    if not status.is_ready:
        return texts.render("status_not_ready")
    return "" if status.originals else texts.render("status_no_originals")


def model_line(status: Status, texts: Texts) -> str:
    """Return which chat model words the answers and what it is sent, or an empty text."""
    if status.model is None:
        return ""
    return texts.render("model", name=status.model.name, destination=status.model.destination)


def _state(exchange: Exchange, view: View | None) -> str:
    """Return how far an exchange is; ``view`` only for the last one, which may be under way or broken."""
    if view and view.problem:
        return "failed"
    if view and view.is_running:
        return "searching" if exchange.found is None else "composing"
    return {Ending.STOPPED: "stopped", Ending.COACHED: "coached"}.get(
        exchange.ending or Ending.ANSWERED, "done"
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _entry(exchange: int, citation: Citation, catalogue: Catalogue | None) -> Entry:
    evidence = citation.evidence
    source = evidence.own or (catalogue.sources.get(evidence.source_id) if catalogue else None)
    id_ = f"bron-{exchange}-{citation.number}"
    return Entry(
        id=id_,
        number=citation.number,
        source=source.label if source else evidence.source_id,
        section=evidence.section,
        quote=evidence.quote,
        is_card=evidence.span is None,
        link=link_to(evidence, catalogue) if catalogue else f"#{id_}",
        passage=passage_link(evidence, catalogue) if catalogue else "",
        page=evidence.page,
        is_own=evidence.own is not None,
    )
