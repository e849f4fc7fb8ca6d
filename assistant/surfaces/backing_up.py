"""The commands ``alliantie backup`` and ``alliantie restore``."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.answering.prompts import Texts
from assistant.errors import BackupError
from assistant.settings import default_prompts, read_settings
from assistant.surfaces import terminal

_Data = Annotated[Path | None, typer.Option("--data", help="ASSISTANT_DATA")]


def add_backup_commands(cli: typer.Typer) -> None:
    """Add the commands; what they say comes from ``prompts/backup.yaml``."""
    texts = Texts.read(default_prompts() / "backup.yaml")

    @cli.command(help=texts.render("help_backup"))
    def backup(
        path: Annotated[Path, typer.Argument(metavar="BESTAND", help=texts.render("help_file"))],
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap.backups import back_up  # loads SQLAlchemy

        with _faults_told(texts):
            made = back_up(read_settings(data=data), path)
        terminal.note(texts.render("backed_up", file=path, rows=made.rows))

    @cli.command(help=texts.render("help_restore"))
    def restore(
        path: Annotated[Path, typer.Argument(metavar="BESTAND", help=texts.render("help_file_to_restore"))],
        overwrite: Annotated[bool, typer.Option("--overwrite", help=texts.render("help_overwrite"))] = False,
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap import backups  # loads SQLAlchemy

        with _faults_told(texts):
            restored = backups.restore(read_settings(data=data), path, overwrite=overwrite)
        terminal.note(texts.render("restored", file=path, rows=restored.rows))


@contextmanager
def _faults_told(texts: Texts) -> Iterator[None]:
    """Say what is wrong with a backup, and end."""
    try:
        yield
    except BackupError as error:
        fault = texts.render(f"fault_{error.details['fault']}".replace("-", "_"), **_placeholders(error))
        terminal.note(fault)
        raise typer.Exit(1) from error


def _placeholders(error: BackupError) -> dict[str, str]:
    return {name: value for name, value in error.details.items() if name != "fault"}
