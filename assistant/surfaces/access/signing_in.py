"""``/aanmelden`` and ``/afmelden``: a browser signs in with a key, and keeps a cookie instead of it."""

from __future__ import annotations

from typing import Protocol

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.domain import Caller
from assistant.errors import AccessRefused, KeyMissing
from assistant.surfaces.access.gate import COOKIE, token_in
from assistant.surfaces.access.rules import HOME, SIGN_IN, SIGN_OUT, landing, own_path
from assistant.surfaces.pages import Site, Visit, see_other

REMEMBERED_SECONDS = 30 * 24 * 3600
_INVALID = 422


class Signing(Protocol):
    """Keeps who signed in."""

    def has_keys(self) -> bool:
        """Whether there ever was a key."""
        ...

    def sign_in(self, secret: str) -> str:
        """Return a token for who has a secret; raise ``AccessRefused`` if it is no good."""
        ...

    def visit(self, token: str) -> Caller:
        """Return who signed in; raise ``AccessRefused`` if nobody did."""
        ...

    def sign_out(self, token: str) -> None:
        """Let a token be good for nothing."""
        ...


class SignInPages:
    """The routes to sign in and out; they work without a script."""

    def __init__(self, site: Site, texts: Texts, access: Signing) -> None:
        """``texts`` is ``prompts/access.yaml``."""
        self._site, self._texts, self._access = site, texts, access

    @property
    def routes(self) -> list[BaseRoute]:
        """The two routes; signing out takes a post, and who merely opens its address may sign in."""
        return [
            self._site.route(SIGN_IN, self.show, self.sign_in),
            self._site.route(SIGN_OUT, self.leave, self.sign_out),
        ]

    def show(self, visit: Visit) -> Response:
        """Show the form, or who signed in already; where there are no keys, go on."""
        wanted = own_path(visit.request.query_params.get("naar", HOME))
        token = token_in(visit.request.headers)
        if token is None:
            return self._form(wanted) if self._access.has_keys() else see_other(wanted)
        try:
            caller = self._access.visit(token)
        except KeyMissing:
            return _without_cookie(self._form(wanted), visit)
        except AccessRefused as error:
            return _without_cookie(self._form(wanted, error.code), visit)
        return self._site.page(
            "signed_in.html",
            say=self._texts.render,
            onwards=landing(caller.scopes) if wanted == HOME else wanted,
        )

    def sign_in(self, visit: Visit) -> Response:
        """Take the key, and go on to where somebody wanted to be."""
        wanted = own_path(visit.value("naar"))
        secret = visit.value("sleutel")
        if not secret:
            return self._form(wanted, "empty", _INVALID)
        try:
            token = self._access.sign_in(secret)
            caller = self._access.visit(token)
        except AccessRefused as error:
            return self._form(wanted, error.code, _INVALID)
        self._forget(visit)
        response = see_other(landing(caller.scopes) if wanted == HOME else wanted)
        response.set_cookie(
            COOKIE,
            token,
            REMEMBERED_SECONDS,
            path="/",
            secure=visit.request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    def leave(self, visit: Visit) -> Response:
        """Send who opens the address to where the button is."""
        return see_other(SIGN_IN)

    def sign_out(self, visit: Visit) -> Response:
        """Let the browser's token be good for nothing, and take the cookie back."""
        self._forget(visit)
        return _without_cookie(see_other(SIGN_IN), visit)

    def _forget(self, visit: Visit) -> None:
        if token := token_in(visit.request.headers):
            self._access.sign_out(token)

    def _form(self, wanted: str, fault: str | None = None, status: int = 200) -> Response:
        text = self._texts.render(f"fault.{fault}") if fault else None
        return self._site.page("sign_in.html", status, say=self._texts.render, wanted=wanted, fault=text)


def _without_cookie(response: Response, visit: Visit) -> Response:
    is_secure = visit.request.url.scheme == "https"
    response.delete_cookie(COOKIE, path="/", secure=is_secure, httponly=True, samesite="lax")
    return response
