"""The library: ``/bibliotheek``, ``/kaarten``, ``/bronnen``, and ``/passage`` for the panel of the chat.

``pages`` has the routes; each other module turns the catalogue into what one page shows.
"""

from __future__ import annotations

from assistant.surfaces.pages.library.pages import Library, LibraryPages

__all__ = ["Library", "LibraryPages"]
