"""Ids of organisations: slugs of their names, each once within a check and the same over its rounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain, count

_LENGTH = 60
_NAMELESS = "partner"


def organisation_ids(names: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Return an id for each name; ``known`` are the ids by name in earlier rounds, which aren't reused."""
    ids = dict(known)
    for name in names:
        ids.setdefault(name, _free(slug(name), set(ids.values())))
    return tuple(ids[name] for name in names)


def slug(name: str) -> str:
    """Return a name in lower case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LENGTH].rstrip("-") or _NAMELESS


def _free(wanted: str, taken: set[str]) -> str:
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(id_ for id_ in chain([wanted], numbered) if id_ not in taken)
