"""The head of the page as it is served: Gradio adds one once its own script runs, half a second later."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LANGUAGE = (b'lang="en"', b'lang="nl"')
HEAD_ENDS = b"</head>"


class DocumentHead:
    """ASGI middleware within Gradio's application: what stands at ``/`` gets ``head``, and is Dutch.

    So whoever chose light or dark sees it from the first moment, and not what the device prefers before it.
    """

    def __init__(self, app: ASGIApp, head: str) -> None:
        self._app, self._head = app, head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and the page itself once it is whole."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        document = bytearray()

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            document.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            body = self._complete(bytes(document))
            headers = MutableHeaders(raw=list(start["headers"]))
            headers["content-length"] = str(len(body))
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, complete)

    def _complete(self, document: bytes) -> bytes:
        dutch = document.replace(*LANGUAGE, 1)
        before, ends, after = dutch.rpartition(HEAD_ENDS)
        return before + self._head + ends + after if ends else document
