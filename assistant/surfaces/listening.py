"""Takes the address that is served at, unless others could reach it while nobody needs a key."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address

from assistant.bootstrap.access import open_access
from assistant.errors import AddressInUse, UnguardedAddress
from assistant.settings import Settings

BACKLOG = 2048


def listen(settings: Settings) -> socket.socket:
    """Take the address of the settings, before anything slow is done.

    Raises ``AddressInUse`` if it can't be had, and ``UnguardedAddress`` if others can reach it and there
    is no key that can be used. Nobody is let in before that is known.
    """
    taken = _take(settings)
    try:
        if way := _way_for_others(settings, taken.getsockname()[0]):
            _require_key(settings, way)
        taken.listen(BACKLOG)
    except BaseException:
        taken.close()
        raise
    return taken


def address_of(listener: socket.socket) -> str:
    """Return the URL at which a socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_loopback(address: str) -> bool:
    """Whether only this computer can reach a numerical address; what isn't one counts as reachable."""
    try:
        read = ip_address(address)
    except ValueError:
        return False
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return (mapped or read).is_loopback


def _take(settings: Settings) -> socket.socket:
    """Bind what the name of the host stands for at this moment, which is then what is judged."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        family, kind, protocol, _, address = found
        taken = socket.socket(family, kind, protocol)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(address)
        except BaseException:
            taken.close()
            raise
    except (OSError, UnicodeError) as error:
        raise AddressInUse(host=settings.host, port=str(settings.port), reason=str(error)) from error
    return taken


def _way_for_others(settings: Settings, address: str) -> str | None:
    """Return how others can reach us: at the address itself, by a name, or by a proxy before it."""
    if not is_loopback(address):
        return settings.host
    names = [name.strip().lower() for name in (settings.hosts or "").split(",") if name.strip()]
    of_others = [name for name in names if name != "localhost" and not is_loopback(name.strip("[]"))]
    return next(iter(of_others), settings.proxies or None)


def _require_key(settings: Settings, way: str) -> None:
    with open_access(settings) as access:
        if not access.has_usable_key():
            raise UnguardedAddress(host=way)
