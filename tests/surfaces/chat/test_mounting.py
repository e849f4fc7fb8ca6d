"""What can be reached over HTTP once the page is mounted."""

from __future__ import annotations

import json
import re

import httpx
import pytest

pytestmark = pytest.mark.browser


def test_the_page_and_its_icon_are_served(address: str) -> None:
    assert httpx.get(address).status_code == 200
    assert httpx.get(address + "favicon.ico").headers["content-type"].startswith("image/svg+xml")


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
def test_routes_that_the_page_does_not_need_are_shut(address: str, path: str) -> None:
    assert httpx.get(f"{address}gradio_api/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["upload", "component_server", "process_recording", "vibe-edit/", "run/_ask", "call/_ask"]
)
def test_nothing_can_be_uploaded_or_called_past_the_queue(address: str, path: str) -> None:
    files = {"files": ("a.txt", b"inhoud")}
    assert httpx.post(f"{address}gradio_api/{path}", files=files).status_code == 404


def test_the_settings_that_the_browser_gets_are_the_safe_ones(address: str) -> None:
    config = httpx.get(address + "config").json()
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["run_history"] is False
    assert config["footer_links"] == []
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    [chat] = [part["props"] for part in config["components"] if part["type"] == "chatbot"]
    assert chat["sanitize_html"] is True
    assert chat["allow_tags"] is False
    assert chat["latex_delimiters"] == []
    assert "http" not in json.dumps(config["stylesheets"])
    theme = httpx.get(address + "theme.css").text
    assert re.findall(r"@import|url\((?!\"data:)", theme) == []
