"""What all pages share: one look, one way to answer a request, and one way to tell what went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.answering.prompts import Texts
from assistant.errors import (
    AssistantError,
    CheckClosed,
    CheckStillOpen,
    IndexUnavailable,
    StorageUnavailable,
    UnknownKey,
)
from assistant.surfaces import look
from assistant.surfaces.assets import Assets

PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""On every page that doesn't say otherwise: its address may hold a key, and it is for who has that key."""

_HERE = Path(__file__).parent
ASSETS = Assets("/paginas", _HERE / "static")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BY_ERROR: Mapping[type[AssistantError], int] = {
    UnknownKey: 404,
    CheckClosed: 409,
    CheckStillOpen: 409,
    StorageUnavailable: 503,
    IndexUnavailable: 503,
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, its form read."""

    request: Request
    form: FormData

    def key(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def value(self, name: str) -> str:
        """Return a field of the form, without control characters; empty if it isn't there."""
        return next(iter(self.values(name)), "")

    def values(self, name: str) -> list[str]:
        """Return all fields of that name, without control characters."""
        found = (one for one in self.form.getlist(name) if isinstance(one, str))
        return [_CONTROL.sub("", one.replace("\r\n", "\n")).strip() for one in found]

    def address(self, path: str) -> str:
        """Return a path of ours as a whole address, to send to somebody."""
        return str(self.request.base_url).rstrip("/") + path


Handler = Callable[[Visit], Response]
"""Answers one visit; runs in a thread, so it may wait for the database."""
Refuse = Callable[[Request, Exception], Response | None]
"""Words what went wrong, if it is something that a page has its own words for."""


class Site:
    """Renders templates, and turns handlers into routes that are safe to reach and kind in failure."""

    def __init__(self, texts: Texts, house: Texts) -> None:
        """``texts`` is ``prompts/pages.yaml``, ``house`` is ``prompts/look.yaml``."""
        self.texts = texts
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        look.furnish(self._environment, house)
        self._environment.globals.update(text=texts.render, asset=ASSETS.address)
        self._environment.filters.update(paragraphs=_paragraphs, day=self._day)

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """Return a template as a page."""
        return HTMLResponse(self._environment.get_template(template).render(**values), status)

    def route(
        self,
        path: str,
        get: Handler | None = None,
        post: Handler | None = None,
        refuse: Refuse = lambda request, error: None,
    ) -> Route:
        """Return a route to handlers; a post from another site is refused before it is read.

        ``refuse`` may word what went wrong; ``None`` leaves that to the words that all pages share.
        """
        handlers = {name: one for name, one in (("GET", get), ("HEAD", get), ("POST", post)) if one}

        async def answer(request: Request) -> Response:
            return await self._answer(request, handlers[request.method], refuse)

        return Route(path, answer, methods=list(handlers))

    def unknown(self, path: str) -> Route:
        """Return a route that says that there is no such page, to stand after all others."""

        def refuse(visit: Visit) -> Response:
            raise HTTPException(404)

        return self.route(path, refuse, refuse)

    async def _answer(self, request: Request, handler: Handler, refuse: Refuse) -> Response:
        try:
            is_post = request.method == "POST"
            if is_post and is_cross_site(request.headers):
                raise HTTPException(403)
            visit = Visit(request, await request.form() if is_post else FormData())
            response = await run_in_threadpool(handler, visit)
        except Exception as error:  # noqa: BLE001 - whatever it is, a person reads a page; the log has the cause
            response = refuse(request, error) or self._problem(request, error)
        finally:
            await request.close()  # And with it the files that came in a form.
        for name, value in PRIVATE.items():
            response.headers.setdefault(name, value)
        return response

    def _problem(self, request: Request, error: Exception) -> Response:
        status, key, values = self._describe(error)
        title, message = self.texts.render(f"{key}.title"), self.texts.render(key, **values)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"message": message}, status)
        return self.page("check_problem.html", status, title=title, message=message)

    def _describe(self, error: Exception) -> tuple[int, str, Mapping[str, str]]:
        match error:
            case HTTPException():
                key = f"problem.{error.status_code}"
                return error.status_code, key if key in self.texts else "problem.400", {}
            case AssistantError():
                # The details may name folders of the server: those are for the log.
                _log.info("%s", error)
                status = next((one for kind, one in _BY_ERROR.items() if isinstance(error, kind)), 422)
                return status, self._key_of(error, status), error.details
        number = str(uuid4())
        _log.error("unexpected error %s", number, exc_info=error)
        return 500, "problem.500", {"number": number}

    def _key_of(self, error: AssistantError, status: int) -> str:
        key = f"problem.{error.code}"
        narrower = f"{key}.{error.details.get('kind')}"
        known = (narrower, key, f"problem.{status}", "problem.400")
        return next(one for one in known if one in self.texts)

    def _day(self, moment: datetime) -> str:
        month = self.texts.render("months").split()[moment.month - 1]
        return f"{moment.day} {month} {moment.year}"


def is_cross_site(headers: Mapping[str, str]) -> bool:
    """Return whether a browser says that a request was made by a page of another site.

    Browsers of today say so themselves, on https and on this computer. Elsewhere the origin must be
    ours. Who sends neither is no browser, and can't be misled into a post.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def see_other(path: str) -> Response:
    """Send a browser on to another page after a post."""
    return RedirectResponse(path, 303)


def download(content: Mapping[str, object], file: str) -> Response:
    """Return values as a JSON file to keep."""
    return JSONResponse(content, headers={"Content-Disposition": f'attachment; filename="{file}"'})


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
