"""Which route took a request, in words that hold nothing of who asked."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.domain import KEY_PREFIX
from assistant.surfaces.operating.under_way import current_request

_LONGEST_PATH = 120
_MASK = "*"
_PLAIN_WORDS = re.compile(r"[a-z]{1,20}(?:[-_.:][a-z0-9]{1,20})*")
_LONGEST_PLAIN = 48


class NoteRoute:
    """ASGI middleware right before the router: notes which route took the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what the router writes into this scope is read afterwards."""
        try:
            await self._app(scope, receive, send)
        finally:
            request = current_request()
            if request is not None and scope["type"] == "http":
                request.route = template_of(scope)


def template_of(scope: Mapping[str, Any]) -> str | None:
    """Return the template of the route in a scope that was routed; ``None`` if no route took it.

    It is made from the path and its parameters, which every router of Starlette's kind leaves
    behind; what they match is replaced by their names, so there are no more templates than routes.
    """
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return None
    is_mount = "app_root_path" in scope and not (inspect.isroutine(endpoint) or inspect.isclass(endpoint))
    if is_mount:
        return f"{scope['root_path']}/{{path}}" if scope.get("root_path") else None
    template = scope["path"]
    for name, value in reversed(scope.get("path_params", {}).items()):
        template = _replace_last(template, str(value), f"{{{name}}}")
    return template or "/"


def masked(path: str) -> str:
    """Return a path that no route took, fit for a log: one line, short, and without what may be a secret."""
    segments = [segment if _is_plain(segment) else _MASK for segment in path.split("/")]
    whole = "/".join(segments)
    shown = whole if len(whole) <= _LONGEST_PATH else whole[:_LONGEST_PATH] + _MASK
    return quote(shown, safe="/*:@-_.~")


def _is_plain(segment: str) -> bool:
    """Whether a segment reads as words: secrets have long runs of signs, or capitals and digits mixed."""
    if segment in ("", "v1"):
        return True
    is_word = _PLAIN_WORDS.fullmatch(segment) and len(segment) <= _LONGEST_PLAIN
    digits = sum(sign.isdigit() for sign in segment)
    return bool(is_word) and digits <= 4 and KEY_PREFIX not in segment


def _replace_last(text: str, old: str, new: str) -> str:
    """Replace the last whole segment, or else the last piece, that a parameter matched."""
    if not old:
        return text
    before, found, after = f"{text}/".rpartition(f"/{old}/")
    if found:
        return f"{before}/{new}/{after}"[:-1]
    before, found, after = text.rpartition(old)
    return f"{before}{new}{after}" if found else text
