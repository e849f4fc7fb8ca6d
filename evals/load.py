"""What the server bears: ``python -m evals.load ADDRESS``, with wrk in the path.

The same clients ask the API, a FastAPI route that does nothing, and, in this process, the bare embedding of
the same questions: all in one run, so that the ratios hold on any machine. ``--minutes`` keeps asking and
watches the server's memory.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx

from assistant import bootstrap
from assistant.settings import read_settings
from evals.items import DATA, read_items

CLIENTS = (1, 8, 32, 64)
SECONDS = 15
_NOTHING_PORT = 8099

_LUA = """
local bodies = {}
for line in io.lines("BODIES") do bodies[#bodies + 1] = line end
local at = 0
function setup(thread) thread:set("offset", counter or 0); counter = (counter or 0) + 97 end
function request()
  at = at + 1
  local body = bodies[(at + offset) % #bodies + 1]
  return wrk.format("POST", nil, {["Content-Type"] = "application/json" KEY}, body)
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("MEASURED %d %d %.3f %.3f %.3f %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
"""

_NOTHING = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.post("/v1/answers")
def nothing(body: dict) -> dict: return {}
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of clients saw of a server: requests a second, and milliseconds a request."""

    clients: int
    a_second: float
    p50: float
    p95: float
    p99: float
    refused: int
    """Responses that weren't 2xx or 3xx."""
    broken: int
    """Connections that broke off, or took over a minute."""


def measure(address: str, clients: int, seconds: int, bodies: Path, key: str | None = None) -> Load:
    """Let clients post the bodies for some seconds, each its next as soon as its last is answered."""
    header = f', ["Authorization"] = "Bearer {key}"' if key else ""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA.replace("BODIES", str(bodies)).replace("KEY", header))
        script.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", script.name]
        said = subprocess.run(  # noqa: S603 - a tool of the one who measures
            [*command, f"{address}/v1/answers"], capture_output=True, text=True, check=True
        ).stdout
    found = re.search(r"MEASURED (.+)", said)
    if found is None:
        raise RuntimeError(said)
    requests, microseconds, p50, p95, p99, refused, broken = (float(one) for one in found[1].split())
    return Load(clients, requests / microseconds * 1e6, p50, p95, p99, int(refused), int(broken))


def embedding_times(questions: Sequence[str]) -> list[float]:
    """Return the milliseconds that the bare embedding of each question takes, one after another."""
    embedder = bootstrap.load_engine(read_settings())
    embedder.embed_query(questions[0])
    times = []
    for question in questions:
        began = time.perf_counter()
        embedder.embed_query(question)
        times.append(1000 * (time.perf_counter() - began))
    return times


@contextmanager
def nothing_served(port: int) -> Iterator[str]:
    """Serve a FastAPI route that does nothing."""
    process = subprocess.Popen([sys.executable, "-c", _NOTHING, str(port)])  # noqa: S603 - our own text
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.post(f"{address}/v1/answers", json={})
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def memory(address: str, key: str | None) -> float:
    """Return the server's memory in megabytes, as its metrics tell it."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    found = re.search(
        r"^process_resident_memory_bytes (\S+)",
        httpx.get(f"{address}/metrics", headers=headers).text,
        re.MULTILINE,
    )
    if found is None:
        raise RuntimeError("the server doesn't tell its memory")
    return float(found[1]) / 1e6


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--key")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--minutes", type=float, default=0, help="keep asking, and watch the memory")
    asked = parser.parse_args(arguments)
    questions = [item.question for item in read_items(DATA / "dev").answerable]
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder) / "bodies"
        bodies.write_text("".join(json.dumps({"question": one}) + "\n" for one in questions), "utf-8")
        _print_table(asked, questions, bodies)
        if asked.minutes:
            _print_memory(asked, bodies)


def _print_table(asked: argparse.Namespace, questions: Sequence[str], bodies: Path) -> None:
    measure(asked.address, 1, 3, bodies, asked.key)
    bare = sorted(embedding_times(questions[:60]))
    _say(f"bare embedding: p50 {statistics.median(bare):.1f} ms, p95 {bare[int(0.95 * len(bare))]:.1f} ms")
    _say("| clients | | requests/s | p50 ms | p95 ms | p99 ms | not 2xx | broken |")
    _say("|---|---|---|---|---|---|---|---|")
    with nothing_served(_NOTHING_PORT) as nothing:
        for clients in CLIENTS:
            for name, address, key in (("answers", asked.address, asked.key), ("nothing", nothing, None)):
                it = measure(address, clients, asked.seconds, bodies, key)
                times = f"{it.a_second:.1f} | {it.p50:.0f} | {it.p95:.0f} | {it.p99:.0f}"
                _say(f"| {clients} | {name} | {times} | {it.refused} | {it.broken} |")


def _print_memory(asked: argparse.Namespace, bodies: Path) -> None:
    _say("| minute | memory MB | requests/s | p95 ms | not 2xx |")
    _say("|---|---|---|---|---|")
    end = time.monotonic() + 60 * asked.minutes
    for minute in count(1):
        if time.monotonic() >= end:
            return
        it = measure(asked.address, 8, 60, bodies, asked.key)
        kept = memory(asked.address, asked.key)
        _say(f"| {minute} | {kept:.0f} | {it.a_second:.1f} | {it.p95:.0f} | {it.refused} |")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
