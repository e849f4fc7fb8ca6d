"""For which names a server answers, so that no page elsewhere reaches it by a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.surfaces import listening

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Return whether an address or a name, with or without brackets, is of this computer alone."""
    bare = host.strip("[]").lower()
    return bare == "localhost" or listening.is_loopback(bare)


class Hosts:
    """The names that requests may be for; ``*`` is any, and ``*.example.nl`` whatever ends like that."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(_bracketed(name.strip().lower()) for name in names if name.strip())

    @classmethod
    def of(cls, chosen: str | None, address: str) -> Hosts:
        """Return the names of a server at an address; of ``chosen`` there are several, with commas between.

        Whoever is on the same computer may always use the names of loopback. A server on loopback has
        no others by itself, any other server has them all.
        """
        if chosen is None:
            return cls([*LOOPBACK, address] if is_loopback(address) else ["*"])
        return cls([*LOOPBACK, *chosen.split(",")])

    @property
    def are_local(self) -> bool:
        """Whether all names are of this computer alone."""
        return all(is_loopback(name) for name in self._names)

    def admit(self, header: str) -> bool:
        """Return whether a request is for one of the names; ``header`` is its ``Host``, port and all."""
        if "*" in self._names:
            return True
        found = _HOST.fullmatch(header.lower())
        if found is None:
            return False
        name = found[1].removesuffix(".")
        return name in self._names or any(
            name.endswith(known[1:]) for known in self._names if known.startswith("*.")
        )


def _bracketed(name: str) -> str:
    """Return a name as ``Host`` has it: an address of IPv6 stands in brackets."""
    return f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name
