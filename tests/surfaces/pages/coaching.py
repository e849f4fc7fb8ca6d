"""The pages of a closed check over a database of their own, as a client without JavaScript sees them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import CheckKind, Created, Response
from assistant.settings import Settings
from assistant.surfaces.pages import build_pages

PARTNERS = ("Gemeente", "Zorggroep", "Corporatie")


@dataclass(frozen=True)
class Served:
    """A client of the pages, and what they show."""

    client: TestClient
    checks: HealthChecks
    assistant: Assistant

    def closed(
        self,
        *scores: Sequence[int],
        alliance: str = "Vitale wijken",
        kind: CheckKind = CheckKind.FULL,
        previous: str | None = None,
        remark: str = "",
    ) -> str:
        """Close a check; for each partner the scores of its people, one each for all items."""
        made = self.checks.create(alliance, PARTNERS[: len(scores)], kind, previous)
        for organisation, people in zip(made.check.organisations, scores, strict=True):
            for score in people:
                self._answer(made, organisation.id, score, remark)
        self.checks.close(made.owner_key)
        return made.owner_key

    def text(self, path: str) -> str:
        """Return the visible text of a page, which must be there."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return visible_text(response.text)

    def _answer(self, made: Created, organisation: str, score: int, remark: str) -> None:
        asked = self.checks.questionnaire
        tensions = {one.id for one in asked.tensions}
        opened = {one.id for one in asked.open_questions}
        code = self.checks.begin(made.invitations[organisation]).code
        self.checks.answer(
            code,
            *(
                Response(id_, None, remark)
                if id_ in opened
                else Response(id_, score - 3 if id_ in tensions else score, "")
                for id_ in asked.asked(made.check.kind)
            ),
        )
        self.checks.finish(code)


@contextmanager
def served(settings: Settings, assistant: Assistant, folder: Path) -> Iterator[Served]:
    """Serve the pages over a new SQLite database in a folder."""
    own = settings.model_copy(update={"database_url": f"sqlite:///{folder / 'proef.db'}"})
    with closing(Coach.open(own, assistant)) as coach:
        conversations = Conversations(own, assistant, coach.storage)
        documents = Documents(own, coach.storage)
        app = Starlette(routes=build_pages(coach, assistant, own.prompts, conversations, documents))
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
            yield Served(client, coach.checks, assistant)


def visible_text(page: str) -> str:
    """Return what a reader sees of a page, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links_in(page: str) -> list[str]:
    """Return the addresses that a page links to."""
    return [html.unescape(one) for one in re.findall(r'<a [^>]*href="([^"]+)"', page)]
