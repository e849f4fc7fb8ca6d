"""A real server for the pages, with the settings of the environment: ``python -m … PORT``."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assistant.bootstrap import Assistant, load_engine
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents
from assistant.settings import read_settings
from assistant.surfaces.api.protection import SecurityHeaders
from assistant.surfaces.pages import build_pages
from assistant.surfaces.visiting import Visitors


def serve(port: int) -> None:
    """Serve until the process ends."""
    settings = read_settings()
    assistant = Assistant(settings, load_engine(settings))
    coach = Coach.open(settings, assistant)
    _ = coach.checks.questionnaire  # Read before the port opens: a browser waits only for its own requests.
    conversations = Conversations(settings, assistant, coach.storage)
    documents = Documents(settings, coach.storage)
    routes = build_pages(coach, assistant, settings.prompts, conversations, documents)
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), Middleware(Visitors)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
