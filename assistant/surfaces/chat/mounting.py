"""Putting the chat page into an application that may serve more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette

from assistant.answering.prompts import Texts
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import Answering
from assistant.surfaces.chat.gate import Gate
from assistant.surfaces.chat.panels import Panels

App = TypeVar("App", bound=Starlette)

_ICON = Path(__file__).parent / "logo.svg"


def mount_page(  # noqa: PLR0913 - each is a collaborator of its own
    app: App,
    assistant: Answering,
    texts: Texts,
    *,
    coach: ChatCoach | None = None,
    blocked: Sequence[Path] = (),
    max_question_length: int = 2000,
) -> App:
    """Mount the chat page at ``/``, behind the routes that ``app`` already has, and return ``app``.

    ``texts`` is ``prompts/page.yaml``; ``coach`` leads the health check in the conversation;
    ``blocked`` are folders that are never served;
    ``max_question_length`` counts characters.
    Loads Gradio, which takes about three seconds.
    """
    from assistant.surfaces.chat.page import Page

    app.add_middleware(Gate)
    page = Page(assistant, texts, Panels(texts), max_question_length, coach)
    page.mount(app, blocked, _ICON)
    return app
