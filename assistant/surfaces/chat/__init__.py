"""The chat page: a question box, the answer claim by claim, and beside it what proves each claim."""

from assistant.surfaces.chat.mounting import mount_page

__all__ = ["mount_page"]
