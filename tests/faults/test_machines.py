"""Two real servers with data folders of their own, on one PostgreSQL: what one knows, so does the other."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.client import AllianceClient
from assistant.indexing.versions import IndexFolder
from assistant.settings import Settings
from evals.bench import RememberingEmbedder
from evals.page import Visitor, find_events
from tests.bootstrap.test_machines import announce_a_newer_version
from tests.faults.conftest import ROUNDS
from tests.surfaces.serving import Running, serving

_SECONDS = 60
QUESTION = "Welke vier rollen heeft een alliantiemanager?"


def call(server: Running, path: str, body: object = None, **headers: str) -> tuple[Any, dict[str, str]]:
    """Ask the API of a server; return the JSON and the headers."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **headers} if data else headers
    request = urllib.request.Request(server.address + path, data, sent)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310 - loopback
        return json.loads(response.read()), dict(response.headers)


@pytest.mark.skipif(ROUNDS not in os.environ, reason="two servers take long; make faults runs them")
def test_two_servers_share_what_people_keep_and_every_new_index(
    card_settings: Settings, remembering: RememberingEmbedder, postgresql_url: str, tmp_path: Path
) -> None:
    here, there, builder = (
        card_settings.model_copy(update={"data": tmp_path / name, "database_url": postgresql_url})
        for name in ("here", "there", "builder")
    )
    for settings in (here, there, builder):
        shutil.copytree(card_settings.index_folder, settings.index_folder)
    with serving(here) as one, serving(there) as other:
        _assert_shared(one, other)
        newer = announce_a_newer_version(builder, remembering)
        for server, settings in ((one, here), (other, there)):
            _wait_for(newer, server, settings)
            assert json.loads(server.post({"question": "Wat is vertrouwen?"}))["answer"]


def _assert_shared(one: Running, other: Running) -> None:
    made, _ = call(one, "/v1/health-checks", {"alliance": "Zorg", "organisations": ["A", "B"]})
    key = made["key"]
    found, _ = call(other, "/v1/health-checks/mine", **{"X-Check-Key": key})
    assert "Zorg" in json.dumps(found)
    with AllianceClient(one.address) as client, AllianceClient(other.address) as elsewhere:
        batch = client.batch(["Wat is vertrouwen?"])
        document = client.add_document(b"Een alliantie vraagt om geduld en om heldere afspraken.", "a.txt")
        assert elsewhere.document_file(document.id).startswith(b"Een alliantie")
        elsewhere.reopen(batch.id).wait(_SECONDS)
    visitor = asyncio.run(_conversing(one.address))
    assert QUESTION in _text(other, "/gesprekken", visitor)
    assert QUESTION not in _text(other, "/gesprekken", {})


async def _conversing(address: str) -> dict[str, str]:
    """Ask on the page; return the cookie of who did."""
    async with httpx.AsyncClient(base_url=address, timeout=_SECONDS) as client:
        visitor = Visitor(client, await find_events(client))
        await visitor.arrive()
        await visitor.ask(QUESTION)
    return visitor.cookie


def _text(server: Running, path: str, headers: dict[str, str]) -> str:
    return httpx.get(server.address + path, headers=headers, timeout=_SECONDS).raise_for_status().text


def _wait_for(version: str, server: Running, settings: Settings) -> None:
    ends = time.monotonic() + _SECONDS
    while call(server, "/readyz")[0]["index_version"] != version:
        assert time.monotonic() < ends
        time.sleep(0.1)
    assert IndexFolder(settings.index_folder).current() == version
