"""Installs each peer in a virtual environment of its own, and tells how large it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

PRODUCT = "product"
ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_name("peers.yaml")


class Run(BaseModel):
    """One way of running a peer: a module of ours, and what it's told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    module: str
    setting: str = ""
    asks_endpoint: bool = False
    """Whether it wants the embedding by HTTP; the setting is then its address."""


class Peer(BaseModel):
    """What is installed, and how it is run, by the names of the columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requirements: tuple[str, ...]
    python: str | None = None
    runs: Mapping[str, Run]
    made_from: tuple[str, ...] = ()
    """What else must be as it was for an environment to be used again."""


class Peers(BaseModel):
    """All peers, and what the embedding needs besides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    peers: Mapping[str, Peer]
    engine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment: its Python, and what installing brought, in megabytes and packages."""

    python: str
    megabytes: float
    packages: int


class NotInstallable(Exception):
    """A peer can't be installed here; the message is the reason that ``pip`` or the system gives."""


def read_peers(path: Path = FILE) -> Peers:
    """Read and validate the list of peers, the product first."""
    listed = Peers.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    constraints = ("--constraint", str(ROOT / "constraints.txt"))
    files = tuple((ROOT / name).read_text("utf-8") for name in ("pyproject.toml", "constraints.txt"))
    runs = {PRODUCT: Run(module="with_product")}
    product = Peer(requirements=(*constraints, str(ROOT)), runs=runs, made_from=files)
    return Peers(peers={PRODUCT: product, **listed.peers}, engine=listed.engine)


def install(peer: Peer, engine: Sequence[str], folder: Path) -> Installed:
    """Install a peer alone, measure it, and add what the embedding needs; keep it for the next time."""
    kept, wanted = folder / "installed.json", [*peer.requirements, *engine, *peer.made_from]
    if kept.is_file():
        known = json.loads(kept.read_text("utf-8"))
        if known["wanted"] == wanted:
            return Installed(**known["installed"])
    shutil.rmtree(folder, ignore_errors=True)
    _run([_find_python(peer.python), "-m", "venv", str(folder)])
    python = str(folder / "bin" / "python")
    bare = _megabytes(folder), _packages(folder)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, *peer.requirements])
    made = Installed(python, _megabytes(folder) - bare[0], _packages(folder) - bare[1])
    _run([*pip, *engine])
    kept.write_text(json.dumps({"wanted": wanted, "installed": asdict(made)}), "utf-8")
    return made


def _find_python(version: str | None) -> str:
    if version is None or sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    found = shutil.which(f"python{version}")
    if found is None:
        raise NotInstallable(f"no python{version}")
    return found


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own list
    if done.returncode:
        raise NotInstallable(" ".join(done.stderr.split())[-300:])


def _megabytes(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def _packages(folder: Path) -> int:
    return len(list(folder.glob("lib/python*/site-packages/*.dist-info")))
