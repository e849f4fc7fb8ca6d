"""What tries to leave this computer: noted by Python itself, and by its system calls where strace is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_HOOK = Path(__file__).parent / "listening_in"
_CALL = re.compile(r'inet_addr\("([\d.]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_HERE = re.compile(r"127\.|0\.0\.0\.0$|::1?$|::ffff:127\.")
_CALLS = "connect,sendto,sendmsg,sendmmsg"


def listening_in(environment: Mapping[str, str], notes: Path) -> dict[str, str]:
    """Return an environment in which every Python process notes in a file what it asks of the network."""
    paths = [str(_HOOK), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths), "FAULTS_NOTES": str(notes)}


def noted(notes: Path) -> list[str]:
    """Return the attempts to leave this computer."""
    return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


def traced(command: Sequence[str], log: Path) -> list[str]:
    """Return a command that also has the system's calls written to a file, where strace is installed."""
    strace = shutil.which("strace")
    if strace is None:
        return list(command)
    return [strace, "-f", "-qq", "-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(log), *command]


def called(log: Path) -> list[str]:
    """Return the calls with an address beyond this computer."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return [line for line in lines if any(not _HERE.match(a or b) for a, b in _CALL.findall(line))]


def can_be_cut_off() -> bool:
    """Return whether a process can be given a network of its own here."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    return subprocess.run([unshare, *_flags(), "true"], check=False, capture_output=True).returncode == 0


def cut_off(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of ours in a network with nothing in it but loopback."""
    return ["unshare", *_flags(), sys.executable, "-m", module, *arguments]


def _flags() -> list[str]:
    return ["--net"] if os.geteuid() == 0 else ["--net", "--map-root-user"]


def raise_loopback() -> None:
    """Switch on the loopback of a new network."""
    import fcntl
    import socket
    import struct

    up, set_flags = 0x1, 0x8914
    with socket.socket() as one:
        fcntl.ioctl(one, set_flags, struct.pack("16sh", b"lo", up))
