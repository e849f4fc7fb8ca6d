"""The configuration of nginx that is shipped, in a real nginx on loopback before a real server."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from assistant.bootstrap.access import open_access
from assistant.domain import KeyScope
from assistant.settings import read_settings
from tests.surfaces.operating.conftest import ROOT, Process, scripted
from tests.surfaces.serving import free_port

SLOW = 300
PART_OF_A_HEADER, PART_OF_A_HANDSHAKE = b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"\x16\x03\x01\x10\x00\x01"
PATIENCE = 2
"""Seconds that nginx waits for the rest of a request: 10 as shipped, fewer in the test."""


def adapt(folder: Path, upstream: str, ports: dict[str, int]) -> str:
    """Return the shipped configuration with the addresses and folders of a test, and less patience."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert text.count("_timeout 10s;") == 2
    text = re.sub(r"(?<= )/tmp/", f"{folder}/", text)
    text = text.replace("_timeout 10s;", f"_timeout {PATIENCE}s;")
    for port, ours in ports.items():
        text = text.replace(f"listen {port}", f"listen 127.0.0.1:{ours}")
    text = text.replace("server app:8000;", f"server {upstream};")
    text = text.replace("/run/secrets/tls_certificate", str(folder / "certificate.pem"))
    return text.replace("/run/secrets/tls_key", str(folder / "key.pem"))


def make_certificate(folder: Path) -> None:
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(["openssl", "req", *kind, *subject, *files], check=True, capture_output=True)  # noqa: S607


@contextmanager
def running_nginx(folder: Path, upstream: str) -> Iterator[dict[str, int]]:
    """Check the configuration, run it, and give our ports by those that are shipped."""
    nginx = shutil.which("nginx")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("needs nginx and openssl")
    make_certificate(folder)
    ports = {"8081": free_port(), "8080": free_port(), "8443": free_port()}
    (folder / "nginx.conf").write_text(adapt(folder, upstream, ports), encoding="utf-8")
    own = "user root;" if os.geteuid() == 0 else ""
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", f"daemon off; {own}"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    with (folder / "nginx.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as child:
        try:
            wait_until_open(ports["8443"])
            yield ports
        finally:
            child.terminate()
            child.wait(10)


def wait_until_open(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("nginx doesn't listen")


@pytest.fixture(scope="module")
def site(module_folder: Path) -> Iterator[tuple[Process, dict[str, int]]]:
    with scripted_behind_a_proxy(module_folder) as process:
        upstream = process.address.removeprefix("http://")
        with running_nginx(module_folder, upstream) as ports:
            yield process, ports


@contextmanager
def scripted_behind_a_proxy(folder: Path) -> Iterator[Process]:
    """Run the scripted process as it is served to others: that takes a key."""
    with open_access(read_settings(data=folder)) as access:
        access.create("proef", [KeyScope.ASK])
    with scripted(folder, proxies="127.0.0.1", log_texts=True) as process:
        yield process


@pytest.fixture
def client(site: tuple[Process, dict[str, int]], module_folder: Path) -> Iterator[httpx.Client]:
    trusted = ssl.create_default_context(cafile=str(module_folder / "certificate.pem"))
    with httpx.Client(base_url=f"https://localhost:{site[1]['8443']}", verify=trusted, timeout=20) as opened:
        yield opened


def test_a_stream_arrives_in_pieces_and_a_page_stays_connected(client: httpx.Client) -> None:
    arrived: dict[str, float] = {}
    body = {"question": "2 tellen", "stream": True}
    with client.stream("POST", "/v1/answers", json=body) as stream:
        for line in stream.iter_lines():
            if line.startswith("event: "):
                arrived.setdefault(line.removeprefix("event: "), time.monotonic())
    assert arrived["answer"] - arrived["claim"] > 1.5
    with client.stream("GET", "/gradio_api/heartbeat/x") as page:
        began = time.monotonic()
        assert next(page.iter_lines()) == "data: ALIVE"
        assert time.monotonic() - began < 5


def test_what_a_client_says_of_itself_is_not_believed(client: httpx.Client) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "aanval.example",
        "Forwarded": "for=203.0.113.9", "X-Request-Id": "mijn-nummer",
    }  # fmt: skip
    who = client.get("/v1/wie", headers=forged).json()
    assert who == {
        "client": "127.0.0.1", "scheme": "https", "x-forwarded-host": "localhost",
        "x-request-id": "mijn-nummer", "forwarded": None,
    }  # fmt: skip
    made = client.get("/v1/wie", headers={"X-Request-Id": "a b"}).json()["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_the_site_is_for_tls_alone_and_shows_no_measurements(
    client: httpx.Client, site: tuple[Process, dict[str, int]]
) -> None:
    assert client.get("/healthz").headers["strict-transport-security"] == "max-age=31536000"
    assert client.get("/metrics").status_code == 404
    plain = httpx.get(f"http://localhost:{site[1]['8080']}/x?y=1")
    assert (plain.status_code, plain.headers["location"]) == (308, "https://localhost/x?y=1")
    assert httpx.get(f"http://127.0.0.1:{site[1]['8081']}/").status_code == 204


def test_who_asks_for_texts_in_the_log_gets_those_alone(
    client: httpx.Client, site: tuple[Process, dict[str, int]]
) -> None:
    secrets = {"Authorization": "Bearer alliantie_geheim", "Cookie": "toegang=koekje"}
    answer = client.post("/v1/answers", json={"question": "Hoe groeit vertrouwen?"}, headers=secrets).json()
    told = site[0].wait_for_line(logger="assistant.answers", question="Hoe groeit vertrouwen?")
    assert told["answer"] == answer["answer"]
    assert "alliantie_geheim" not in site[0].logged
    assert "koekje" not in site[0].logged


def test_slow_connections_are_cut_off_while_others_are_served(
    client: httpx.Client, site: tuple[Process, dict[str, int]]
) -> None:
    _, ports = site
    waits = []
    with ExitStack() as opened:
        slow = [opened.enter_context(trickle(ports["8080"], PART_OF_A_HEADER)) for _ in range(SLOW // 2)]
        slow += [opened.enter_context(trickle(ports["8443"], PART_OF_A_HANDSHAKE)) for _ in range(SLOW // 2)]
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE + 2:
            asked = time.monotonic()
            assert client.get("/healthz").status_code == 200
            waits.append(time.monotonic() - asked)
            drip(slow)
            time.sleep(0.1)
        assert sum(map(is_open, slow)) == 0
    assert max(waits) < 2


@contextmanager
def trickle(port: int, beginning: bytes) -> Iterator[socket.socket]:
    """Hold a connection, from another address than the client's, on which a request begins."""
    with socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0)) as connection:
        connection.sendall(beginning)
        connection.setblocking(False)
        yield connection


def drip(connections: list[socket.socket]) -> None:
    """Send a little more of each request, as long as it is taken."""
    for connection in connections:
        try:
            connection.send(b"X-A: b\r\n")
        except OSError:
            continue


def is_open(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
