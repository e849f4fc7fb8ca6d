"""Several workers behind the nginx configuration that is shipped: who began with one, stays with it."""

from __future__ import annotations

import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.surfaces.operating.test_proxying import running_nginx

WORKERS, VISITORS = 3, 30


@contextmanager
def worker(number: int) -> Iterator[str]:
    """Run a server that says which one it is; give its address."""

    class Saying(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = str(number).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Saying) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext]]:
    folder: Path = tmp_path_factory.mktemp("nginx")
    with ExitStack() as opened:
        upstreams = [opened.enter_context(worker(number)) for number in range(WORKERS)]
        ports = opened.enter_context(running_nginx(folder, "; server ".join(upstreams)))
        trusted = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
        yield f"https://localhost:{ports['8443']}", trusted


def test_a_visitor_stays_with_one_worker_and_visitors_spread(site: tuple[str, ssl.SSLContext]) -> None:
    seen: Counter[str] = Counter()
    for _ in range(VISITORS):
        with httpx.Client(base_url=site[0], verify=site[1]) as visitor:
            first = visitor.get("/")
            assert "HttpOnly" in first.headers["set-cookie"]
            rest = [visitor.get(path) for path in ("/gradio_api/queue/data", "/v1/answers/x", "/documenten")]
            assert {one.text for one in rest} == {first.text}
            assert not any("set-cookie" in one.headers for one in rest)
            seen[first.text] += 1
    assert len(seen) == WORKERS


def test_a_program_stays_with_one_worker_without_a_cookie(site: tuple[str, ssl.SSLContext]) -> None:
    seen = set()
    for key in range(VISITORS):
        headers = {"Authorization": f"Bearer {key}"}
        answers = [
            httpx.get(site[0] + path, headers=headers, verify=site[1])
            for path in ("/v1/answers", "/v1/answers/1", "/mcp/")
        ]
        assert not any("set-cookie" in one.headers for one in answers)
        assert len({one.text for one in answers}) == 1
        seen.add(answers[0].text)
    assert len(seen) == WORKERS


def test_a_cookie_of_somebodys_own_making_is_not_kept(site: tuple[str, ssl.SSLContext]) -> None:
    forged = httpx.get(site[0], headers={"Cookie": "werker=x; a=b"}, verify=site[1])
    assert "werker=" in forged.headers["set-cookie"]
