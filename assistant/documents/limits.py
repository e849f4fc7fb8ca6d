"""How much one document may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain import MOST_DOCUMENT_BYTES

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take; what asks for more is refused, or cut where that says so."""

    seconds: float = 18
    """Of time on the clock, and of the processor, for reading."""
    memory: int = 512 * _MEGABYTE
    """Bytes of address space."""
    size: int = MOST_DOCUMENT_BYTES
    """Bytes of the file."""
    pages: int = 500
    characters: int = 3_000_000
    """What is longer is cut, and says so."""
    members: int = 500
    """Files within a Word file."""
    unpacked: int = 50 * _MEGABYTE
    """Bytes of all files within a Word file."""
    ratio: int = 100
    """How many times larger than packed a file within a Word file may be."""
    can_recognise: bool = True
    """Whether scanned pages are recognised, where that is installed."""
    page_seconds: float = 30
    """For recognising one page; one that takes longer is left out, and named."""
    recognising_seconds: float = 3600
    """For recognising all pages; those that come later are left out, and named."""
