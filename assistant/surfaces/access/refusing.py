"""How a refusal reads: a problem for a program, the sign-in page or a page of its own for a person."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from assistant.answering.prompts import Texts
from assistant.errors import AccessRefused, KeyInAddress, ScopeMissing
from assistant.surfaces.access import rules
from assistant.surfaces.api.problems import Problems, headers_of, write_problem
from assistant.surfaces.pages import Site
from assistant.surfaces.pages.site import PRIVATE

_READING = frozenset({"GET", "HEAD"})


class Refusals:
    """Answers what the gate doesn't let pass."""

    def __init__(self, problems: Problems, site: Site, texts: Texts) -> None:
        """``texts`` is ``prompts/access.yaml``."""
        self._problems, self._site, self._texts = problems, site, texts

    def answer(self, scope: Scope, error: Exception) -> Response:
        """Return what somebody gets instead of what was asked for."""
        if not _is_for_people(scope):
            return self._problem(scope, error)
        can_sign_in = isinstance(error, AccessRefused) and not isinstance(error, (KeyInAddress, ScopeMissing))
        response = RedirectResponse(_sign_in(scope), 303) if can_sign_in else self._page(error)
        response.headers.update(PRIVATE)
        return response

    def _problem(self, scope: Scope, error: Exception) -> Response:
        problem = self._problems.describe(error)
        # Wherever a key stands, it isn't repeated.
        place = None if isinstance(error, KeyInAddress) else quote(scope["path"], errors="replace")
        told = problem.model_copy(update={"instance": place})
        return write_problem(told, headers_of(error), scope["path"])

    def _page(self, error: Exception) -> Response:
        problem, say = self._problems.describe(error), self._texts.render
        title, message = problem.title, problem.detail
        is_scope = isinstance(error, ScopeMissing)
        if isinstance(error, ScopeMissing):
            title, message = say("scope.title"), say("scope", what=say(f"scope.{error.details['scope']}"))
        return self._site.page(
            "refused.html", problem.status, title=title, message=message, say=say, is_scope=is_scope
        )


def _is_for_people(scope: Scope) -> bool:
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    return wants_page and not rules.is_for_programs(scope["path"])


def _sign_in(scope: Scope) -> str:
    """Return the address of the sign-in page, from which one comes back to a page, but not to a form."""
    if scope["method"] not in _READING or (scope["path"] == rules.HOME and not scope["query_string"]):
        return rules.SIGN_IN
    query = scope["query_string"].decode("latin-1")
    wanted = quote(scope["path"], errors="replace") + (f"?{query}" if query else "")
    return f"{rules.SIGN_IN}?{urlencode({'naar': wanted})}"
