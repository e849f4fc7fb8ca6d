"""A real server for the pages, with the settings of the environment: ``python -m … PORT``."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assistant.bootstrap import Assistant, load_engine
from assistant.bootstrap.coaching import Coach
from assistant.settings import read_settings
from assistant.surfaces.api.protection import SecurityHeaders
from assistant.surfaces.pages import build_pages


def serve(port: int) -> None:
    """Serve until the process ends."""
    settings = read_settings()
    assistant = Assistant(settings, load_engine(settings))
    routes = build_pages(Coach.open(settings, assistant), assistant, settings.prompts)
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
