"""The process that reads a file: it first gives up what it doesn't need, then tells what it finds."""

from __future__ import annotations

import math
import os
import sys
import tempfile
from collections.abc import Callable

from assistant.documents.faults import Fault, Unreadable
from assistant.documents.limits import Limits
from assistant.documents.messages import Failed, Message, Order, Step, to_line

_FILES = 64
"""Files that may be open at once."""
_GIVEN_WAY = 5
"""How much it gives way to other processes."""
_FORBIDDEN = (
    "socket.",
    "urllib.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "ftplib.",
    "smtplib.",
)


def main() -> None:
    """Read what the first argument orders, and write messages to standard output."""
    order = Order.from_json(sys.argv[1])
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def tell(message: Message) -> None:
        output.write(to_line(message))
        output.flush()
        if isinstance(message, Step) and message.is_recognising:
            _allow_processor(order.limits.page_seconds)

    confine(order.limits, order.program)
    tell(_outcome(order, tell))


def _outcome(order: Order, tell: Callable[[Step], None]) -> Message:
    from assistant.documents.files import read_file

    try:
        return read_file(order, tell)
    except Unreadable as error:
        return Failed(error.fault)
    except MemoryError:
        return Failed(Fault.TOO_MUCH_MEMORY)
    except RecursionError:
        return Failed(Fault.SUSPECT)


def confine(limits: Limits, program: str | None = None) -> None:
    """Take no more than the limits, write no file, ask no network, start no program but the one for scans."""

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        is_other_program = event == "subprocess.Popen" and (program is None or arguments[0] != program)
        if is_other_program or event.startswith(_FORBIDDEN):
            raise PermissionError(event)

    sys.addaudithook(refuse)
    tempfile.tempdir = os.sep  # named, so that no library tries where it could write
    if sys.platform == "win32":
        return
    import resource

    os.nice(_GIVEN_WAY)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    _allow_processor(limits.seconds)


def _allow_processor(seconds: float) -> None:
    """Allow so many seconds of the processor from now on; a program that is started has them anew."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
