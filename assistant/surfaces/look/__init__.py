"""The look that all tabs share: the header with the tabs, the colours, the buttons and the theme switch.

A page joins in with ``furnish(environment, texts)`` and ``{% from "header.html" import head, header %}``:
``{{ head() }}`` goes into ``<head>``, ``{{ header("check") }}`` on top of ``<body>``, and what the skip link
leads to has ``id="inhoud"``. The tabs are ``vraag``, ``bibliotheek``, ``check``, ``brief``, ``documenten``
and ``over``; any other name lights none.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader

from assistant.answering.prompts import Texts
from assistant.surfaces.assets import Assets

__all__ = ["ASSETS", "LOGO", "furnish"]

_HERE = Path(__file__).parent
ASSETS = Assets("/huis", _HERE / "static")
"""The style, the script and the logo."""
LOGO = ASSETS.folder / "logo.svg"


def furnish(environment: Environment, texts: Texts) -> None:
    """Let templates import ``header.html``; ``texts`` is ``prompts/look.yaml``."""
    loaders: list[BaseLoader] = [FileSystemLoader(_HERE / "templates")]
    if environment.loader is not None:
        loaders.insert(0, environment.loader)
    environment.loader = ChoiceLoader(loaders)
    environment.globals.update(house_text=texts.render, house_asset=ASSETS.address)
