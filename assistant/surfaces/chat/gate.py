"""A gate before Gradio's own routes: what the page doesn't need can't be reached.

Among the rest are routes that take uploads, fetch any public address or run a converter.
"""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_NEEDED = re.compile(r"(?:queue/(?:join|data)|heartbeat/\w+|cancel|reset|app_id|startup-events|theme\.css)/?")


class Gate:
    """ASGI middleware that answers 404 for every route of Gradio's that isn't needed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or turn it away."""
        _, is_gradio, route = scope.get("path", "").partition("/gradio_api/")
        if is_gradio and not _NEEDED.fullmatch(route):
            await Response(status_code=404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
