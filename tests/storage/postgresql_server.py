"""A private PostgreSQL server that exists as long as the tests do."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_SECONDS_TO_START = 30


def installed_binaries() -> Path | None:
    """Return the folder with the newest server that is installed, if there is any."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    found += [Path(on_path).resolve().parent] if on_path else []
    return max(found, key=_version) if found else None


def _version(binaries: Path) -> list[int]:
    return [int(part) for part in binaries.parent.name.split(".") if part.isdigit()]


@contextmanager
def private_server(binaries: Path) -> Iterator[str]:
    """Run a server in a folder of its own, on a loopback port; give its URL."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    account = _unprivileged()
    if account:
        shutil.chown(folder, account["user"], account["group"])
    cluster, port = folder / "cluster", _free_port()
    made: list[str | Path] = [
        binaries / "initdb",
        "-D",
        cluster,
        "-U",
        "tester",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
    ]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **account)
    listening: list[str | Path] = ["-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", cluster, *listening], stdout=log, stderr=log, cwd=folder, **account
        )
    try:
        url = f"postgresql://tester@127.0.0.1:{port}/postgres"
        _wait_for(url, server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=_SECONDS_TO_START)
        shutil.rmtree(folder)


def _unprivileged() -> dict[str, Any]:
    """Return the account to run the server with: it refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    names = {one.pw_name for one in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(_SECONDS_TO_START * 10):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL doesn't start: {log.read_text(errors='replace')[-2000:]}")
