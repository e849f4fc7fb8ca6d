"""What a Word file must be before anything in it is read: no bomb, no macro, nothing from elsewhere."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO
from xml.parsers import expat

from assistant.documents.faults import Fault, Unreadable
from assistant.documents.limits import Limits
from assistant.documents.xml_events import read_events

FAULTY = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    expat.ExpatError,
    ValueError,
    OSError,
)
"""What reading a damaged archive raises."""
_SMALL = 65536
"""A file that is smaller may be packed as tightly as it likes."""
_ENCRYPTED = 1
_MACRO = re.compile(r"vbaproject|vbadata|activex|macrosheet", re.IGNORECASE)
_MACRO_TYPE = re.compile(r"macroenabled|vbaproject|activex", re.IGNORECASE)
_WORD_TYPE = "wordprocessingml"
_TEMPLATE = "/attachedTemplate"
_HARMLESS = ("/hyperlink",)
"""Relations that only lead somewhere when a reader follows them."""
_LOCAL = re.compile(r"(?:file:|[a-z]:\\|[^:]*$)", re.IGNORECASE)


def open_word(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """Open a Word file and check it; raise ``Unreadable`` where it isn't safe or isn't one."""
    try:
        archive = zipfile.ZipFile(file)
        _check_members(archive.infolist(), limits)
        _check_types(archive)
        _check_relations(archive)
    except FAULTY as error:
        raise Unreadable(Fault.BROKEN) from error
    return archive


def _check_members(members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise Unreadable(Fault.LOCKED)
    names = [one.filename for one in members]
    if any(_MACRO.search(name) for name in names):
        raise Unreadable(Fault.MACRO)
    if len(members) > limits.members or len({name.casefold() for name in names}) < len(names):
        raise Unreadable(Fault.SUSPECT)
    if any(_is_bomb(one, limits.ratio) or _is_odd(one.filename) for one in members):
        raise Unreadable(Fault.SUSPECT)
    if sum(one.file_size for one in members) > limits.unpacked:
        raise Unreadable(Fault.TOO_LARGE)


def _is_bomb(member: zipfile.ZipInfo, ratio: int) -> bool:
    return member.file_size > _SMALL and member.file_size > ratio * max(1, member.compress_size)


def _is_odd(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _check_types(archive: zipfile.ZipFile) -> None:
    """Look at what the parts say they are: that decides what a program does with them."""
    if "[Content_Types].xml" not in archive.namelist():
        raise Unreadable(Fault.FORMAT)
    types = [attributes.get("ContentType", "") for _, attributes in _elements(archive, "[Content_Types].xml")]
    if any(_MACRO_TYPE.search(one) for one in types):
        raise Unreadable(Fault.MACRO)
    if not any(_WORD_TYPE in one for one in types):
        raise Unreadable(Fault.FORMAT)


def _check_relations(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if not name.endswith(".rels"):
            continue
        for _, attributes in _elements(archive, name):
            if attributes.get("TargetMode", "").casefold() == "external" and not _is_harmless(attributes):
                raise Unreadable(Fault.LINKED)


def _is_harmless(relation: dict[str, str]) -> bool:
    kind, target = relation.get("Type", ""), relation.get("Target", "")
    return kind.endswith(_HARMLESS) or (kind.endswith(_TEMPLATE) and bool(_LOCAL.match(target)))


def _elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a part, without their namespaces, and their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    with archive.open(name) as part:
        read_events(part, on_start=lambda tag, attributes: found.append((tag, attributes)))
    return found
