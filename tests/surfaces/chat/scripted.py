"""A scripted assistant, and a real server for each scene that it plays in, all in one process.

Run as ``python -m tests.surfaces.chat.scripted FLAG SCENE=PORT …``.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from assistant.answering.rendering import render_claims
from assistant.domain import (
    Answer,
    Catalogue,
    CheckedClaim,
    Chunk,
    Citation,
    Claim,
    ClaimForm,
    Conversation,
    Event,
    Evidence,
    Intent,
    KeptExchange,
    Language,
    Passage,
    PassagesFound,
    Progress,
    Query,
    Question,
    Refusal,
    RefusalReason,
    Source,
    Span,
    Status,
    Support,
)
from assistant.errors import IndexUnavailable, InvalidQuestion, StorageUnavailable
from assistant.settings import default_prompts
from assistant.surfaces import look
from assistant.surfaces.chat.mounting import mount_page
from assistant.surfaces.chat.pacing import Pace
from assistant.surfaces.visiting import Visitors

OUTSIDE = "https://aanval.example"
HOSTILE = (
    f'<script>window.geraakt=1</script><img src="{OUTSIDE}/a.png" onerror="window.geraakt=1">'
    f"![beeld]({OUTSIDE}/b.png) [klik]({OUTSIDE}) [val](javascript:window.geraakt=1)\n"
    f"![ver][x]\n[x]: {OUTSIDE}/c.png\n<style>body{{background:url({OUTSIDE}/d)}}</style>\n"
    f"```mermaid\ngraph TD; A-->B\n``` <svg><image href='{OUTSIDE}/e'/></svg> www.aanval.example $$x$$"
    f" <video poster='{OUTSIDE}/f'></video> <iframe src='{OUTSIDE}/g'></iframe> [2] [9]"
    " ${window.geraakt=1} {{value}} {{#each value}}x{{/each}} `${window.geraakt=1}`"
)
_JANSEN, _BOONSTRA = "jansen-2004-alliantievertrouwen", "boonstra-2023-strategisch-samenwerken"


def _source(source_id: str, label: str) -> Source:
    return Source(source_id, (), None, label, "", "nl", "", label, ())


CATALOGUE = Catalogue(
    {_JANSEN: _source(_JANSEN, "Jansen 2004"), _BOONSTRA: _source(_BOONSTRA, "Boonstra 2023")}, {}, {}, {}
)


def quoted(number: int, quote: str, section: str = "Calculatief en relationeel vertrouwen") -> Citation:
    return Citation(number, Evidence(_JANSEN, section, quote, Span(0, len(quote))), Support.QUOTED)


def from_card(number: int, quote: str) -> Citation:
    evidence = Evidence(_BOONSTRA, "Stabiliteit en wendbaarheid", quote, card_id="vertrouwen")
    return Citation(number, evidence, Support.SUPPORTED)


FIRST = quoted(1, "Vertrouwen dat op controleerbare informatie rust.")
SECOND = quoted(2, "Vertrouwen dat groeit in de omgang tussen mensen.", "Het NAV-model")
THIRD = from_card(3, "Partners wisselen tussen vastleggen en ruimte laten.")
CLAIMS = (
    CheckedClaim(Claim("**Calculatief vertrouwen** rust op informatie die u kunt nagaan.", ("a",)), (FIRST,)),
    CheckedClaim(
        Claim("**Relationeel vertrouwen** groeit doordat u samen iets meemaakt.", ("b",)), (SECOND,)
    ),
    CheckedClaim(Claim("In de praktijk:", (), ClaimForm.PARAGRAPH), ()),
    CheckedClaim(Claim("**Begin** bij de relatie;", ("c",), ClaimForm.BULLET), (SECOND, THIRD)),
    CheckedClaim(Claim("**Leg daarna vast** wat u afspreekt.", ("d",), ClaimForm.BULLET), (THIRD,)),
)
HOSTILE_CLAIM = CheckedClaim(Claim(HOSTILE, ("e",)), (quoted(1, HOSTILE, HOSTILE), quoted(2, "Tweede.")))
PASSAGE = Passage(
    Chunk(
        "c1",
        "Een passage over vertrouwen.\n" + HOSTILE,
        "Jansen 2004, Vertrouwen",
        "bron",
        "Vertrouwen",
        (_JANSEN,),
    ),
    0.9,
)


class ScriptedAssistant:
    """Answers by what the question holds: "traag", "kwaad", "onbekend", "fout", "kapot", "geen index"."""

    def __init__(self, scene: str, is_built: Path) -> None:
        self._is_built = is_built
        self._scene = scene
        self._done = 11

    @property
    def catalogue(self) -> Catalogue:
        """Return two sources, enough to name them."""
        return CATALOGUE

    def status(self) -> Status:
        """Return the scene's status; a build counts on until the flag file is there."""
        if self._scene == "indexing" and not self._is_built.exists():
            self._done += 1
            return Status("v1", 40, (), Progress(self._done, 140))
        return Status("v1", 40, () if self._scene == "cards" else (_JANSEN,), None)

    def ask(self, question: Question) -> Iterator[Event]:
        """Play the part that the question asks for."""
        if "fout" in question.text:
            raise InvalidQuestion(reason="te vreemd")
        if "geen index" in question.text:
            raise IndexUnavailable(folder="/data")
        yield PassagesFound((PASSAGE, PASSAGE))
        if "kapot" in question.text:
            raise RuntimeError("een fout die niemand voorzag")
        query = Query(question.text, Language.DUTCH, Intent.DEFINITION)
        if "onbekend" in question.text:
            markdown = "Dat staat niet in de teksten. Gezocht is in alle vijf."
            follow_ups = ("Welke rollen heeft een alliantiemanager?",)
            yield Refusal(
                "r", question, query, markdown, RefusalReason.NOT_IN_SOURCES, follow_ups, "composer", 0.2
            )
            return
        yield from self._answer(question, query)

    def _answer(self, question: Question, query: Query) -> Iterator[Event]:
        claims = (HOSTILE_CLAIM,) if "kwaad" in question.text else CLAIMS
        for claim in claims:
            if "traag" in question.text:
                time.sleep(1.2)
            yield claim
        numbered = {citation.number: citation for claim in claims for citation in claim.citations}
        remembered = f"En hierna? ({len(question.history)} eerdere berichten)"
        markdown, citations = render_claims(claims), tuple(numbered[number] for number in sorted(numbered))
        follow_ups = (remembered, "Wat is het NAV-model?")
        yield Answer("a", question, query, markdown, claims, citations, follow_ups, "composer", 0.9)


class Broken:
    """Keeps nothing: the database is away."""

    def keep(self, visitor: str, exchange: KeptExchange, *_: object) -> str:
        """Fail as storage does."""
        raise StorageUnavailable(url="sqlite:///weg", reason="weg")

    def conversation(self, visitor: str, id: str) -> Conversation:  # noqa: A002
        """Fail as storage does."""
        raise StorageUnavailable(url="sqlite:///weg", reason="weg")


def build_scene(scene: str, is_built: Path) -> FastAPI:
    """Return the page; in the scene "indexing" the build ends as soon as ``is_built`` exists."""
    app = FastAPI(openapi_url=None)
    app.router.routes.append(look.ASSETS.mount())
    app.add_api_route("/healthz", lambda: {})  # The page looks whether the server is still there.
    assistant = ScriptedAssistant(scene, is_built)
    keeping = Broken() if scene == "unkept" else None
    pace = Pace("2/minute") if scene == "hasty" else Pace("1000/minute")
    mount_page(app, assistant, default_prompts(), keeping=keeping, pace=pace)
    app.add_middleware(Visitors)
    return app


def serve(is_built: Path, ports: Mapping[str, int]) -> None:
    """Serve every scene at its own port until the process ends."""
    threads = []
    for scene, port in ports.items():
        app = build_scene(scene, is_built)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
        threads.append(threading.Thread(target=server.run, daemon=True))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    flag, *scenes = sys.argv[1:]
    serve(Path(flag), {scene: int(port) for scene, _, port in (one.partition("=") for one in scenes)})
