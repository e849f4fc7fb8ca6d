"""The command ``alliantie``: ask, index, serve, vectors, feedback, backup, restore, corpus, keys, mcp."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

import gc
import logging
import sys
from contextlib import closing
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from assistant import bootstrap
from assistant.answering.prompts import Texts
from assistant.answering.reading import read_question_text
from assistant.bootstrap import Assistant, Indexer
from assistant.domain import LOCAL, Question
from assistant.errors import AssistantError
from assistant.settings import can_show_a_page, default_prompts, read_settings
from assistant.surfaces import terminal
from assistant.surfaces.backing_up import add_backup_commands
from assistant.surfaces.curating import build_corpus_commands, describe_error
from assistant.surfaces.feedback import add_feedback_command
from assistant.surfaces.indexing import build_index_commands
from assistant.surfaces.keys import build_keys_commands
from assistant.surfaces.mcp.command import add_mcp_command

COMMANDS = "alliantie.commands"
"""The entry points by which other packages add a command."""

GARBAGE = 50_000
"""New objects after which Python looks for garbage. Loading makes many and leaves none: the usual 700 costs
a tenth of a start."""

_Originals = Annotated[Path | None, typer.Option("--originals", help="ASSISTANT_ORIGINALS")]
_Data = Annotated[Path | None, typer.Option("--data", help="ASSISTANT_DATA")]


def build_cli(texts: Texts, problems: Texts, curating: Texts) -> typer.Typer:
    """Return the command line; what it says comes from these files in ``prompts``."""
    cli = typer.Typer(
        help=texts.render("help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )

    @cli.command(help=texts.render("help_ask"))
    def ask(
        question: Annotated[str, typer.Argument(help=texts.render("help_question"))],
        as_json: Annotated[bool, typer.Option("--json", help=texts.render("help_json"))] = False,
        originals: _Originals = None,
        data: _Data = None,
    ) -> None:
        settings = read_settings(originals=originals, data=data)
        read = read_question_text(question, settings.max_question_length)
        asked = Question(read, reader=LOCAL.owner)
        engine = bootstrap.load_engine(settings)
        indexer = Indexer(settings, engine)
        indexer.prepare(lambda step: None)
        if not indexer.is_current():
            terminal.note(texts.render("index_behind"))
        from assistant.bootstrap.documents import documents_of  # loads SQLAlchemy

        with closing(Assistant(settings, engine)) as assistant, documents_of(settings, assistant):
            terminal.note_model(assistant.status().model, texts)
            terminal.show(assistant.ask(asked), assistant.catalogue.sources, texts, as_json)

    @cli.command(help=texts.render("help_serve"))
    def serve(
        host: Annotated[str | None, typer.Option(help="ASSISTANT_HOST")] = None,
        port: Annotated[int | None, typer.Option(help="ASSISTANT_PORT")] = None,
        originals: _Originals = None,
        data: _Data = None,
        open_page: Annotated[bool, typer.Option("--open", help=texts.render("help_open"))] = False,
    ) -> None:
        from assistant.surfaces.server import serve_until_stopped

        settings = read_settings(host=host, port=port, originals=originals, data=data)
        serve_until_stopped(settings, texts, problems, open_page=open_page and can_show_a_page())

    _add_vectors_command(cli, texts)
    describe = partial(describe_error, problems=problems, texts=curating)
    cli.add_typer(build_index_commands(texts, describe), name="index")
    add_feedback_command(cli, texts)
    add_mcp_command(cli, texts)
    add_backup_commands(cli)
    cli.add_typer(build_corpus_commands(curating), name="corpus")
    cli.add_typer(build_keys_commands(), name="keys")
    return cli


def _add_vectors_command(cli: typer.Typer, texts: Texts) -> None:
    @cli.command(help=texts.render("help_vectors"))
    def vectors() -> None:
        settings = read_settings()
        indexer = Indexer(settings, bootstrap.load_engine(settings))
        path = indexer.write_shipped_vectors(terminal.progress_line(texts))
        terminal.note(texts.render("vectors_written", path=path))


def add_commands_of_others(cli: typer.Typer, asked: str) -> None:
    """Add what other packages offer as commands: all for an overview, else only the one that is asked.

    Each entry point is a function that takes the command line and adds to it. Loading one takes time
    that our own commands needn't wait for.
    """
    if asked in {command.callback.__name__ for command in cli.registered_commands if command.callback}:
        return
    for offered in entry_points(group=COMMANDS):
        if asked.startswith("-") or asked in ("", offered.name):
            offered.load()(cli)


def main() -> None:
    """Run the command line; an error that a person can mend is one Dutch line and exit code 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    gc.set_threshold(GARBAGE)
    prompts = default_prompts()
    problems, curating = Texts.read(prompts / "problems.yaml"), Texts.read(prompts / "corpus.yaml")
    try:
        cli = build_cli(Texts.read(prompts / "cli.yaml"), problems, curating)
        add_commands_of_others(cli, asked=next(iter(sys.argv[1:]), ""))
        cli()
    except AssistantError as error:
        terminal.note(describe_error(error, problems, curating))
        sys.exit(1)


if __name__ == "__main__":
    main()
