"""The whole product over HTTP, with keys of all sorts; tells its routes and keys: ``python -m … ``."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant, load_engine
from assistant.bootstrap.access import Access
from assistant.bootstrap.coaching import Coach
from assistant.domain import KeyScope
from assistant.settings import read_settings
from assistant.surfaces.operating.operation import Operation
from assistant.surfaces.server import build_app

RATE = "1000000/minute"


def places(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and path of all routes, also of what is mounted, with something in each placeholder."""
    for found in iter_route_contexts(routes):
        path = prefix + (getattr(found, "path", None) or "")
        below = getattr(getattr(found.original_route, "app", None), "routes", None)
        if below:
            yield from places(below, path)
        elif path:
            is_folder = isinstance(found.original_route, Mount)
            filled = re.sub(r"{\w+(:\w+)?}", "x", f"{path}/x" if is_folder else path)
            methods: set[str] = getattr(found, "methods", None) or {"GET", "POST"}
            yield from ((method, filled) for method in sorted(methods))


def keys(access: Access) -> dict[str, str]:
    """Make a key that is good for all, one that lacks each scope, and two that are good for nothing."""
    everything = frozenset(KeyScope)
    expires = datetime.now(UTC) + timedelta(seconds=0.1)
    expired = access.create("verlopen", everything, expires=expires)
    revoked = access.create("ingetrokken", everything)
    token = access.sign_in(revoked.secret)
    access.revoke(revoked.key.id)
    lacking = {scope: access.create(f"zonder {scope}", everything - {scope}, rate=RATE) for scope in KeyScope}
    while datetime.now(UTC) <= expires:
        pass
    return {
        "good": access.create("alles", everything, rate=RATE).secret,
        "expired": expired.secret,
        "revoked": revoked.secret,
        "revoked_token": token,
        **{f"without {scope}": key.secret for scope, key in lacking.items()},
    }


def serve() -> None:
    """Serve with the settings of the environment until the process ends."""
    settings = read_settings()
    problems = Texts.read(settings.prompts / "problems.yaml")
    with (
        closing(Assistant(settings, load_engine(settings))) as assistant,
        closing(Coach.open(settings, assistant)) as coach,
        closing(Operation(settings, assistant)) as operation,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        made = keys(Access(coach.storage))
        app = build_app(settings, operation.assistant, coach, problems, operation)
        told = {"port": listener.getsockname()[1], "keys": made, "places": list(places(app.routes))}
        print(json.dumps(told), flush=True)  # noqa: T201
        watched = operation.watch(app, problems)
        config = uvicorn.Config(watched, log_level="critical", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve()
