"""Putting the chat page into an application that may serve more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from starlette.applications import Starlette

from assistant.answering.prompts import Texts
from assistant.surfaces import look
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import Answering
from assistant.surfaces.chat.gate import Gate
from assistant.surfaces.chat.keeping import Keeper, Keeping
from assistant.surfaces.chat.pacing import Pace, Pacing
from assistant.surfaces.chat.panels import ASSETS, Panels
from assistant.surfaces.chat.scope import Scope
from assistant.surfaces.chat.shortcut import Shortcut
from assistant.surfaces.chat.stubs import no_stubs

if TYPE_CHECKING:
    from assistant.surfaces.chat.page import Page

App = TypeVar("App", bound=Starlette)


def load_page() -> type[Page]:
    """Return the page; the first time, that loads Gradio, which takes a second or two."""
    with no_stubs():
        from assistant.surfaces.chat.page import Page
    return Page


def mount_page(  # noqa: PLR0913 - each is a collaborator of its own
    app: App,
    assistant: Answering,
    prompts: Path,
    *,
    coach: ChatCoach | None = None,
    keeping: Keeping | None = None,
    pace: Pacing | None = None,
    blocked: Sequence[Path] = (),
    max_question_length: int = 2000,
) -> App:
    """Mount the chat page at ``/``, behind the routes that ``app`` already has, and return ``app``.

    ``prompts`` is the folder with texts; ``coach`` leads the health check in the conversation;
    ``keeping`` keeps conversations, and without it none is kept; ``blocked`` are folders that are
    never served; ``max_question_length`` counts characters.
    """
    page_of = load_page()
    texts = Texts.read(prompts / "page.yaml")
    scope = Scope(texts)
    panels = Panels(texts, Texts.read(prompts / "look.yaml"), Texts.read(prompts / "publishing.yaml"), scope)
    keeper = Keeper(keeping, texts.render("coached_title")) if keeping else None
    app.add_middleware(Gate)
    app.router.routes.append(ASSETS.mount())
    page = page_of(
        assistant=assistant,
        texts=texts,
        panels=panels,
        scope=scope,
        keeper=keeper,
        pace=pace or Pace(),
        max_question_length=max_question_length,
        coach=coach,
    )
    page.mount(app, blocked, look.LOGO)
    app.router.routes.insert(0, Shortcut(app.router.routes[-1]))
    return app
