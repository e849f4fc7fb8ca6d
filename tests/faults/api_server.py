"""The product's API over its own database, without pages: it starts in a third of the time.

Run as ``python -m tests.faults.api_server``; says its address once it listens.
"""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import timedelta

import uvicorn

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant, load_engine
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.documents import Documents, DocumentWorker
from assistant.settings import read_settings
from assistant.surfaces.api import build_api

LEASE, NAP = timedelta(seconds=5), 0.2
"""What was being read is taken over sooner than in the product, so that more kills find it at work."""


def serve() -> None:
    """Serve with the settings of the environment until the process ends."""
    settings = read_settings()
    problems = Texts.read(settings.prompts / "problems.yaml")
    engine = load_engine(settings)
    with (
        socket.create_server((settings.host, settings.port)) as listener,
        closing(Assistant(settings, engine)) as assistant,
        closing(Coach.open(settings, assistant)) as coach,
        closing(DocumentWorker(settings, coach.storage, engine, lease=LEASE, nap=NAP)),
    ):
        assistant.open_documents(coach.storage.documents)
        app = build_api(assistant, problems, coaching=coach, documents=Documents(settings, coach.storage))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        print(f"http://{settings.host}:{listener.getsockname()[1]}", flush=True)  # noqa: T201
        server.run(sockets=[listener])


if __name__ == "__main__":
    serve()
