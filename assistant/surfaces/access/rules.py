"""Which address needs which scope: a table over the very path that the router matches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from assistant.domain import KEY_PREFIX, OWN_PREFIX, KeyScope

SIGN_IN = "/aanmelden"
SIGN_OUT = "/afmelden"
HOME = "/"

_PUBLIC = frozenset({"/healthz", "/readyz", SIGN_IN, SIGN_OUT, "/check/verder", "/check/gewist"})
_PUBLIC_UNDER = ("/huis/", "/paginas/", "/check/uitnodiging/", "/check/invullen/")
"""The look of the pages, and what somebody sees who was invited to a health check and has no key."""
_PUBLIC_METHODS = frozenset({"GET", "HEAD", "POST"})
_BY_SCOPE: Mapping[KeyScope, tuple[str, ...]] = {
    KeyScope.HEALTH_CHECKS: ("/v1/health-checks", "/v1/briefs", "/check", "/brief", "/portfolio"),
    KeyScope.DOCUMENTS: ("/v1/documents", "/documenten"),
    KeyScope.ADMIN: ("/metrics",),
}
_LANDING = {
    KeyScope.ASK: HOME,
    KeyScope.HEALTH_CHECKS: "/check",
    KeyScope.DOCUMENTS: "/documenten",
    KeyScope.ADMIN: "/metrics",
}
_FOR_PROGRAMS = ("/v1", "/mcp", "/metrics", "/openapi.json")
_COUNTED = ("/v1", "/mcp")

_READING = frozenset({"GET", "HEAD"})
_CITED = re.compile(
    rf"/documenten/{OWN_PREFIX}[0-9A-Za-z-]+|/v1/documents/{OWN_PREFIX}[0-9A-Za-z-]+(?:/text)?"
)
_KEY = re.compile(re.escape(KEY_PREFIX) + r"[A-Za-z0-9_-]{20,}")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff\u2028\u2029]")
_LONGEST = 2000


def scope_needed(path: str, method: str) -> KeyScope | None:
    """Return the scope that a request needs; ``None`` for what is there for everybody."""
    if method in _PUBLIC_METHODS and (path in _PUBLIC or path.startswith(_PUBLIC_UNDER)):
        return None
    return next((scope for scope, places in _BY_SCOPE.items() if _is_in(path, places)), KeyScope.ASK)


def is_cited_document(path: str, method: str) -> bool:
    """Return whether a request reads a document as citations name it.

    Who may ask gets answers that quote documents of their own and those that are shared, so they may
    read these too; whose they are, is for the documents themselves to tell.
    """
    return method in _READING and _CITED.fullmatch(path) is not None


def is_counted(path: str) -> bool:
    """Return whether requests to an address count for the rate of a key."""
    return _is_in(path, _COUNTED)


def is_for_programs(path: str) -> bool:
    """Return whether an address is for programs, which want a problem rather than a page."""
    return _is_in(path, _FOR_PROGRAMS)


def is_readable(path: str) -> bool:
    """Return whether a path is free of control characters.

    A route matches its path with a line feed behind it too, but the table above doesn't.
    """
    return not _UNREADABLE.search(path)


def holds_key(address: str) -> bool:
    """Return whether a key stands in a path or a query, however it is encoded."""
    once = unquote(address)
    return any(_KEY.search(text) for text in (address, once, unquote(once)))


def own_path(wanted: str) -> str:
    """Return an address to go on to after signing in, if it is a path on this server; else the home page."""
    is_path = wanted.startswith("/") and not wanted.startswith("//") and not _UNSAFE.search(wanted)
    if not is_path or len(wanted) > _LONGEST or holds_key(wanted):
        return HOME
    return HOME if urlsplit(wanted).path in (SIGN_IN, SIGN_OUT) else wanted


def landing(scopes: frozenset[KeyScope]) -> str:
    """Return where somebody starts who may have these."""
    return next((page for scope, page in _LANDING.items() if scope in scopes), HOME)


def _is_in(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
