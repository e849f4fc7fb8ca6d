"""What can be reached over HTTP once the page is mounted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.surfaces import look
from assistant.surfaces.chat.panels import ASSETS
from tests.surfaces.chat.elements import read

pytestmark = pytest.mark.browser

FILES = sorted(ASSETS.folder.iterdir())
SERVED_AS = {".js": ("text/javascript", "application/javascript"), ".css": ("text/css",)}
"""What a browser runs or styles with, under nosniff."""


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as opened:
        yield opened


@pytest.fixture(scope="module")
def config(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/config").json()
    return found


def parts(config: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the settings of the components of a kind."""
    return [one["props"] for one in config["components"] if one["type"] == kind]


# ── What is served ───────────────────────────────────────────────────────────


def test_the_page_and_its_icon_are_served(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert client.get("/favicon.ico").headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_the_head_is_in_the_page_as_it_is_served(client: httpx.Client, encoding: str) -> None:
    page = client.get("/", headers={"Accept-Encoding": encoding})
    assert '<html\n\tlang="nl"' in page.text
    head = page.text.partition("</head>")[0]
    assert look.ASSETS.address("theme.js") in head
    assert ASSETS.address("page.js") in head
    assert page.text.endswith("</html>")


def test_what_the_application_had_stays_in_front_of_it(client: httpx.Client) -> None:
    assert (
        client.get(look.ASSETS.address("house.css")).content
        == (look.ASSETS.folder / "house.css").read_bytes()
    )


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_each_style_and_script_is_served_at_its_address(client: httpx.Client, file: Path) -> None:
    address = ASSETS.address(file.name)
    assert re.fullmatch(rf"/vraag/{re.escape(file.name)}\?v=[0-9a-f]{{8}}", address)
    served = client.get(address)
    assert served.content == file.read_bytes()
    assert served.headers["content-type"].partition(";")[0] in SERVED_AS[file.suffix]


@pytest.mark.parametrize("path", ["../page.py", "%2e%2e/page.py", "..%2fpage.py", "weg.js", ""])
def test_beside_those_files_nothing_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(f"/vraag/{path}").status_code == 404


def test_the_scripts_name_only_scripts_that_are_there() -> None:
    imported = [re.findall(r'from "\./([^"]+)"', path.read_text("utf-8")) for path in FILES]
    assert {name for names in imported for name in names} <= {path.name for path in FILES}
    assert any(imported)


# ── What isn't ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    [
        "upload_progress?upload_id=x",
        "file=https://aanval.example/a",
        "file=/etc/hosts",
        "file/etc/hosts",
        "proxy=https://aanval.example/a",
        "info",
        "openapi.json",
        "runs",
        "deep_link",
        "vibe-code/",
    ],
)
def test_routes_that_the_page_does_not_need_are_shut(client: httpx.Client, path: str) -> None:
    assert client.get(f"/gradio_api/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "component_server",
        "process_recording",
        "vibe-edit/",
        "run/_asked",
        "call/_asked",
        "run/predict",
    ],
)
def test_nothing_can_be_uploaded_or_called_past_the_queue(client: httpx.Client, path: str) -> None:
    assert client.post(f"/gradio_api/{path}", files={"files": ("a.txt", b"inhoud")}).status_code == 404


# ── How it is set ────────────────────────────────────────────────────────────


def test_the_settings_that_the_browser_gets_are_the_safe_ones(config: dict[str, Any]) -> None:
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["run_history"] is False
    assert config["footer_links"] == []
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}


def test_no_part_of_the_page_takes_a_file_or_renders_markdown_of_its_own(config: dict[str, Any]) -> None:
    kinds = {one["type"] for one in config["components"]}
    form = {"textbox", "button", "checkboxgroup"}
    assert kinds <= form | {"html", "state", "timer", "row", "column", "accordion", "form"}


def test_nothing_is_fetched_from_any_other_host(client: httpx.Client, config: dict[str, Any]) -> None:
    assert "http" not in json.dumps(config["stylesheets"])
    theme = client.get("/theme.css").text
    assert re.findall(r"@import|url\((?!\"data:)", theme) == []


def test_the_page_holds_what_stands_there_before_the_first_question(config: dict[str, Any]) -> None:
    shown = {one["elem_id"]: read(one["value"]) for one in parts(config, "html") if one["value"]}
    assert shown["kop"].only("a", aria_current="page").attributes["href"] == "/"
    assert len(shown["opening"].find("button", data_doe="vraag")) == 6
    assert shown["gesprekken"].only("button", data_doe="nieuw")
    assert shown["vensters"].only("p", id="teller").attributes["data-meest"] == "2000"


def test_sources_and_kinds_can_be_chosen_and_nothing_is_chosen_yet(config: dict[str, Any]) -> None:
    sources, kinds = parts(config, "checkboxgroup")
    assert sources["choices"] == [
        ["Jansen 2004", "jansen-2004-alliantievertrouwen"],
        ["Boonstra 2023", "boonstra-2023-strategisch-samenwerken"],
    ]
    assert len(kinds["choices"]) == 10
    assert not sources["value"]
    assert not kinds["value"]
