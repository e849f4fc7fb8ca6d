"""``/gesprekken``: a visitor's own conversations, to find again, rename, keep as a file, erase and judge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.bootstrap.files import Format
from assistant.bootstrap.titling import LONGEST_TITLE
from assistant.domain import Conversation, ConversationSummary, Feedback
from assistant.errors import InvalidQuestion, UnknownKey
from assistant.surfaces.pages.files import FORMATS, attach
from assistant.surfaces.pages.moments import by_period, describe
from assistant.surfaces.pages.rating import read_feedback
from assistant.surfaces.pages.site import Handler, Site, Visit, see_other
from assistant.surfaces.visiting import visitor_of

MOST_LISTED = 200
_LONGEST_SEARCH = 200
_PAGE = "/gesprekken"


class Conversing(Protocol):
    """What visitors can do with their own conversations; ``UnknownKey`` for one that isn't theirs."""

    def listed(self, visitor: str, search: str = "", limit: int = ...) -> tuple[ConversationSummary, ...]:
        """Return conversations, the newest change first, with all words of a search in them."""
        ...

    def conversation(self, visitor: str, id: str) -> Conversation:  # noqa: A002 - as storage calls it
        """Return a conversation."""
        ...

    def rename(self, visitor: str, id: str, title: str) -> None:  # noqa: A002
        """Give a conversation another title."""
        ...

    def erase(self, visitor: str, id: str) -> None:  # noqa: A002
        """Erase a conversation, and what was said of its answers."""
        ...

    def erase_all(self, visitor: str) -> int:
        """Erase all that is kept of a visitor."""
        ...

    def file(self, visitor: str, id: str, format: Format) -> tuple[str, bytes]:  # noqa: A002
        """Return the title and the content of a conversation as a file."""
        ...

    def rate(self, visitor: str, exchange_id: str, feedback: Feedback) -> None:
        """Keep what is thought of an answer, instead of what was said before.

        Raises ``InvalidQuestion`` for a remark that is too long.
        """
        ...

    def unrate(self, visitor: str, exchange_id: str) -> None:
        """Take back what was said of an answer."""
        ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ConversationPages:
    """The routes of the conversations, and of feedback on an answer."""

    def __init__(
        self, site: Site, texts: Texts, conversations: Conversing, now: Callable[[], datetime] = _utc_now
    ) -> None:
        """``texts`` is ``prompts/pages_conversations.yaml``; ``now`` tells the time in UTC."""
        self._site, self._texts, self._conversations, self._now = site, texts, conversations, now

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        one = f"{_PAGE}/{{id}}"
        return [
            self._route(_PAGE, self.show),
            self._route(f"{_PAGE}/lijst", self.list),
            self._route(f"{_PAGE}/wissen", self.ask_to_erase_all, self.erase_all),
            self._route(f"{_PAGE}/oordeel/{{exchange_id}}", post=self.rate),
            self._route(f"{one}/naam", post=self.rename),
            self._route(f"{one}/wissen", self.ask_to_erase, self.erase),
            self._route(f"{one}/bestand", self.file),
            self._route(f"{_PAGE}/{{rest:path}}", _miss, _miss),
        ]

    def show(self, visit: Visit) -> Response:
        """Show the conversations, or those that a search finds."""
        done = f"done.{visit.request.query_params.get('gedaan')}"
        said = self._texts.render(done) if done in self._texts else ""
        listed = self._listed(visit)
        return self._page("conversations.html", search=_search(visit), listed=listed, said=said)

    def list(self, visit: Visit) -> Response:
        """Return the list alone, for the side bar of the chat."""
        return self._page(
            "conversations_list.html",
            search=_search(visit),
            opened=visit.request.query_params.get("open"),
            periods=by_period(self._listed(visit), self._now()),
        )

    def rename(self, visit: Visit) -> Response:
        """Give a conversation another title."""
        id_ = visit.key("id")
        self._conversations.rename(_visitor(visit), id_, visit.value("titel"))
        return self._done(visit, "renamed")

    def ask_to_erase(self, visit: Visit) -> Response:
        """Say what erasing a conversation takes away."""
        conversation = self._conversations.conversation(_visitor(visit), visit.key("id"))
        return self._page("conversations_erase.html", conversation=conversation)

    def erase(self, visit: Visit) -> Response:
        """Erase a conversation."""
        self._conversations.erase(_visitor(visit), visit.key("id"))
        return self._done(visit, "erased")

    def ask_to_erase_all(self, visit: Visit) -> Response:
        """Say what erasing everything takes away."""
        return self._page("conversations_erase_all.html")

    def erase_all(self, visit: Visit) -> Response:
        """Erase all that is kept of who asks; nothing is kept of who has no cookie."""
        if visitor := visitor_of(visit.request):
            self._conversations.erase_all(visitor)
        return self._done(visit, "all_erased")

    def file(self, visit: Visit) -> Response:
        """Hand over a conversation as a file."""
        kind = visit.request.query_params.get("soort", "")
        if kind not in FORMATS:
            raise HTTPException(404)
        title, content = self._conversations.file(_visitor(visit), visit.key("id"), FORMATS[kind])
        return attach(content, title, kind)

    def rate(self, visit: Visit) -> Response:
        """Keep what somebody thinks of an answer, or take it back."""
        visitor, exchange_id = _visitor(visit), visit.key("exchange_id")
        if "intrekken" in visit.form:
            self._conversations.unrate(visitor, exchange_id)
            return self._done(visit, "withdrawn")
        feedback = read_feedback(visit)
        self._conversations.rate(visitor, exchange_id, feedback)
        return self._done(visit, "thanks_remark" if feedback.remark else "thanks")

    def _route(self, path: str, get: Handler | None = None, post: Handler | None = None) -> BaseRoute:
        return self._site.route(path, get and self._kindly(get), post and self._kindly(post))

    def _kindly(self, handler: Handler) -> Handler:
        """Say what is wrong; what is somebody else's isn't here, just like what was never there."""

        def answer(visit: Visit) -> Response:
            try:
                return handler(visit)
            except UnknownKey:
                return self._refuse(visit, "missing", 404)
            except InvalidQuestion:
                return self._refuse(visit, "remark_unreadable", 422)

        return answer

    def _refuse(self, visit: Visit, what: str, status: int) -> Response:
        if _wants_json(visit):
            return JSONResponse({"message": self._texts.render(what)}, status)
        return self._page("conversations_problem.html", status, problem=what)

    def _listed(self, visit: Visit) -> tuple[ConversationSummary, ...]:
        visitor = visitor_of(visit.request)
        return self._conversations.listed(visitor, _search(visit), MOST_LISTED) if visitor else ()

    def _done(self, visit: Visit, what: str) -> Response:
        if _wants_json(visit):
            return JSONResponse({"message": self._texts.render(f"done.{what}")})
        return see_other(f"{_PAGE}?gedaan={what}")

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        now = self._now()
        return self._site.page(
            template,
            status,
            say=self._texts.render,
            when=lambda moment: describe(moment, now, self._texts),
            most=MOST_LISTED,
            longest=LONGEST_TITLE,
            **values,
        )


def _miss(visit: Visit) -> Response:
    raise UnknownKey(kind="conversation")


def _visitor(visit: Visit) -> str:
    visitor = visitor_of(visit.request)
    if visitor is None:
        raise UnknownKey(kind="conversation")
    return visitor


def _search(visit: Visit) -> str:
    asked = visit.request.query_params.get("zoek", "")
    return "".join(one for one in asked if one.isprintable()).strip()[:_LONGEST_SEARCH]


def _wants_json(visit: Visit) -> bool:
    return "application/json" in visit.request.headers.get("accept", "")
