"""A cable between client and server that is cut after so many bytes of an answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from threading import Thread


class CutCable:
    """Passes connections on to ``port``; each of ``cuts`` ends one, after so many bytes came back."""

    def __init__(self, port: int, *cuts: int) -> None:
        self._port = port
        self._cuts = list(cuts)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._carriers: list[Thread] = []

    @property
    def address(self) -> str:
        """Where a client plugs in."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self._carriers)

    def pass_on(self) -> None:
        """Accept connections until closed."""
        with self._listener, suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                left = self._cuts.pop(0) if self._cuts else 1_000_000
                server = socket.create_connection(("127.0.0.1", self._port))
                self._carriers.append(Thread(target=_carry, args=(client, server, left)))
                self._carriers[-1].start()

    def close(self) -> None:
        """Accept no more; clients have hung up by now, or do when they are closed."""
        self._listener.shutdown(socket.SHUT_RDWR)


def _carry(client: socket.socket, server: socket.socket, left: int) -> None:
    with client, server, suppress(OSError):
        while left:
            for source in select([client, server], [], [])[0]:
                piece = source.recv(1024 if source is client else min(left, 1024))
                if not piece:
                    return
                (server if source is client else client).sendall(piece)
                left -= 0 if source is client else len(piece)


@contextmanager
def cut_cable(port: int, *cuts: int) -> Iterator[CutCable]:
    """Lay a cable, and take it away afterwards."""
    cable = CutCable(port, *cuts)
    thread = Thread(target=cable.pass_on)
    thread.start()
    try:
        yield cable
    finally:
        cable.close()
        thread.join()
