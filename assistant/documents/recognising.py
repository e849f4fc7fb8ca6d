"""Text in scans, by tesseract: a program of its own, that may be there or not."""

from __future__ import annotations

import shutil
import subprocess

_LANGUAGES = ("nld", "eng")
_SECONDS = 10


def find_program() -> str | None:
    """Return where tesseract is; ``None`` if it isn't installed."""
    return shutil.which("tesseract")


def can_recognise() -> bool:
    """Tell whether scans can be read: tesseract is there, with its Dutch data."""
    program = find_program()
    return program is not None and "nld" in languages_of(program)


def languages_of(program: str) -> tuple[str, ...]:
    """Return which of Dutch and English the program knows, Dutch first."""
    try:
        done = subprocess.run(  # noqa: S603 - the program that the search path names, with arguments of ours
            [program, "--list-langs"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    known = done.stdout.split()
    return tuple(language for language in _LANGUAGES if language in known)


def recognise(program: str, languages: tuple[str, ...], picture: bytes, seconds: float) -> str | None:
    """Return the text of a picture (a PGM file, 300 dots an inch); ``None`` if that fails or takes long."""
    command = [program, "stdin", "stdout", "-l", "+".join(languages), "--psm", "3", "--dpi", "300"]
    try:
        done = subprocess.run(  # noqa: S603 - as above
            command, input=picture, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else None
