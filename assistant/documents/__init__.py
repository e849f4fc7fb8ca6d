"""Reading the files that people add: in a child process with limits, into text with sections and pages."""

from __future__ import annotations

from assistant.documents.formats import recognise_format
from assistant.documents.limits import Limits
from assistant.documents.naming import safe_name
from assistant.documents.reading import Cancelled, read_document
from assistant.documents.recognising import can_recognise

__all__ = ["Cancelled", "Limits", "can_recognise", "read_document", "recognise_format", "safe_name"]
