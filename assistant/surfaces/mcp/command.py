"""The command ``alliantie mcp``."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

from pathlib import Path
from typing import Annotated

import typer

from assistant.answering.prompts import Texts
from assistant.settings import read_settings


def add_mcp_command(cli: typer.Typer, texts: Texts) -> None:
    """Add the command; what it says comes from ``prompts/cli.yaml``."""

    @cli.command(help=texts.render("help_mcp"))
    def mcp(
        originals: Annotated[Path | None, typer.Option("--originals", help="ASSISTANT_ORIGINALS")] = None,
        data: Annotated[Path | None, typer.Option("--data", help="ASSISTANT_DATA")] = None,
    ) -> None:
        settings = read_settings(originals=originals, data=data)
        # Loads the protocol and what the API is made with, which no other command needs.
        from assistant.surfaces.mcp.stdio import serve_over_stdio

        serve_over_stdio(settings, texts)
