"""Uses all of the product without a network: ``python -m tests.faults.without_network FOLDER``.

Prints JSON: what worked, and what tried to leave.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from mcp.client.stdio import StdioServerParameters

from assistant.settings import Settings, read_settings
from tests.faults.chatting import arrive, ask
from tests.faults.people import CHECKS, ITEMS, Wire
from tests.faults.reaching import called, listening_in, noted, raise_loopback, traced
from tests.faults.victims import ROOT, Victim
from tests.faults.watching import Watched, honeypot, trapping_browser
from tests.surfaces.mcp.talking import talking

CLI = [sys.executable, "-m", "assistant.surfaces.cli"]
QUESTION = "Wat is calculatief vertrouwen?"
SECONDS = 600


def use(folder: Path) -> dict[str, Any]:
    """Use everything; return what each part said, and what tried to leave."""
    raise_loopback()
    settings = read_settings(data=folder / "data")
    notes, logs = folder / "notes", iter(folder / f"calls-{number}" for number in range(100))
    environment = listening_in(settings.as_environment(), notes)
    worked: dict[str, Any] = {"is cut off": _is_cut_off()}
    for name, arguments in _commands(folder).items():
        command = traced([*CLI, *arguments], next(logs))
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS
        )
        worked[name] = done.returncode == 0 or done.stderr.decode()[-500:]
    started, *arguments = traced([*CLI, "mcp"], next(logs))
    worked["mcp"] = _talk(StdioServerParameters(command=started, args=arguments, env=environment, cwd=ROOT))
    with _serving(settings, notes, next(logs)) as victim:
        worked |= _over_http(victim.address)
        worked["mcp over http"] = _talk(f"{victim.address}/mcp")
        worked |= _in_chromium(victim.address)
    calls = [line for log in sorted(folder.glob("calls-*")) for line in called(log)]
    return {
        "worked": worked,
        "noted": noted(notes),
        "called": calls,
        "traced": len(list(folder.glob("calls-*"))),
    }


def _commands(folder: Path) -> dict[str, list[str]]:
    note = folder / "notitie.md"
    note.write_text("# Waterschap\n\nHet gemaal pompt het water uit de polder.\n", encoding="utf-8")
    questions = folder / "vragen.yaml"
    asked = {"id": "proef", "type": "definition", "question": QUESTION}
    questions.write_text(json.dumps({"answerable": [asked]}), encoding="utf-8")
    return {
        "index": ["index"],
        "ask": ["ask", QUESTION],
        "corpus check": ["corpus", "check"],
        "keys list": ["keys", "list"],
        "feedback": ["feedback"],
        "index add": ["index", "add", str(note)],
        "eval": ["eval", "--questions", str(questions), "--no-baselines"],
    }


def _is_cut_off() -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        try:
            probe.connect(("192.0.2.1", 80))
        except OSError:
            return True
        return False


@contextmanager
def _serving(settings: Settings, notes: Path, log: Path) -> Iterator[Victim]:
    victim = Victim(settings, notes)
    victim.start(traced([*CLI, "serve"], log))
    try:
        yield victim
    finally:
        victim.end()


def _over_http(address: str) -> dict[str, Any]:
    document = b"# Dijken\n\nDe dijkgraaf sluit een verbond met de gemeente."
    with closing(Wire(address)) as wire:
        made = wire.send("POST", CHECKS, {"alliance": "Water", "organisations": ["Gemeente", "Waterschap"]})
        invited = {"invitation": made[1]["organisations"][0]["invitation"]}
        person = wire.send("POST", f"{CHECKS}/respondents", invited)[1]["code"]
        answer = {"responses": [{"item_id": ITEMS[0], "score": 3, "remark": "goed"}]}
        code = {"X-Respondent-Code": person}
        told = {"model": "alliantie", "messages": [{"role": "user", "content": QUESTION}]}
        told["model"] = wire.send("GET", "/v1/models")[1]["data"][0]["id"]
        raw = {"Content-Type": "text/markdown"}
        said = {
            "answers": wire.send("POST", "/v1/answers", {"question": QUESTION}),
            "completions": wire.send("POST", "/v1/chat/completions", told),
            "health check": wire.send("PUT", f"{CHECKS}/respondents/me/responses", answer, **code),
            "documents": wire.send("POST", "/v1/documents?name=dijken.md", document, **raw),
            "openapi": wire.send("GET", "/openapi.json"),
            "ready": wire.send("GET", "/readyz"),
        }
    return {name: status < 300 or [status, body] for name, (status, body) in said.items()}


def _talk(server: StdioServerParameters | str) -> bool:
    with talking(server) as connected:
        return bool(connected.tools()) and bool(connected.value("answer", question=QUESTION))


def _in_chromium(address: str) -> dict[str, Any]:
    with honeypot() as pot, trapping_browser(pot) as browser:
        one = Watched(browser, address)
        arrive(one)
        ask(one, QUESTION)
        for path in (
            "/bibliotheek",
            "/bronnen",
            "/documenten",
            "/over",
            "/check",
            "/brief",
            "/docs",
            "/portfolio",
        ):
            one.visit(path)
        one.page.wait_for_timeout(500)
        one.close()
        return {"pages": one.acted == [] or one.acted}


if __name__ == "__main__":
    print(json.dumps(use(Path(sys.argv[1]))))  # noqa: T201
