"""The chat page: a question box, the answer claim by claim, and beside it what proves each claim."""

from assistant.surfaces.chat.mounting import load_page, mount_page

__all__ = ["load_page", "mount_page"]
