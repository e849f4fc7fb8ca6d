"""Why a file isn't read, as slugs; ``prompts/documents.yaml`` says each to a reader, and what to do."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a file."""

    EMPTY = "leeg"
    FORMAT = "formaat"
    """None of the kinds of files that are read."""
    LOCKED = "versleuteld"
    BROKEN = "kapot"
    TOO_LARGE = "te-groot"
    TOO_MANY_PAGES = "te-veel-bladzijden"
    TOO_SLOW = "te-lang"
    TOO_MUCH_MEMORY = "te-veel-geheugen"
    MACRO = "macro"
    LINKED = "verwijzing"
    """A Word file that loads something from elsewhere."""
    SUSPECT = "verdacht"
    """Made as no program makes it: packed too tightly, too many parts, or with entities."""
    UNRECOGNISED = "scan-zonder-ocr"
    NO_TEXT = "geen-tekst"


class Unreadable(Exception):
    """Raised while a file is read; the name of the file is known to who asked."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)
