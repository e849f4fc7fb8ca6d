"""Notes what a process asks of the network beyond this computer; Python loads it before all else.

Stands on ``PYTHONPATH``; ``FAULTS_NOTES`` names the file. An attempt is noted before it is made, so also
where it fails.
"""

from __future__ import annotations

import os
import sys

_NOTES = os.environ["FAULTS_NOTES"]
_PLACES = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0}
_PLACES |= {"socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
_HERE = ("127.", "localhost", "::1", "0.0.0.0", "::ffff:127.")  # noqa: S104 - nothing is bound


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _PLACES:
        return
    place = arguments[_PLACES[event]]
    host = place[0] if isinstance(place, tuple) and place else place
    is_name = event not in ("socket.connect", "socket.sendto", "socket.sendmsg") or isinstance(place, tuple)
    text = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
    if is_name and text and not text.startswith(_HERE):
        with open(_NOTES, "a", encoding="utf-8") as notes:  # noqa: PTH123 - nothing else is loaded yet
            by = os.environ.get("PYTEST_CURRENT_TEST") or " ".join(sys.argv[:4])
            notes.write(f"{event} {place!r} by {by}\n")


sys.addaudithook(_note)
