"""The command ``alliantie index``, and ``add``, ``list`` and ``remove`` for documents of one's own."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import bootstrap
from assistant.answering.prompts import Texts
from assistant.bootstrap import Indexer
from assistant.domain import LOCAL, MOST_DOCUMENT_BYTES, DocumentState, OwnDocument
from assistant.errors import AssistantError, DuplicateDocument, UnreadableDocument
from assistant.settings import default_prompts, read_settings
from assistant.surfaces import terminal

if TYPE_CHECKING:
    from assistant.bootstrap.documents import Desk

_PATIENCE = 3600.0
"""Seconds that a build beside a server waits for the one of another server."""

_COLUMNS = ("id", "title", "state", "pages", "passages", "added", "shared")
_Originals = Annotated[Path | None, typer.Option("--originals", help="ASSISTANT_ORIGINALS")]
_Data = Annotated[Path | None, typer.Option("--data", help="ASSISTANT_DATA")]


def build_index_commands(texts: Texts, describe: Callable[[AssistantError], str]) -> typer.Typer:
    """Return the commands; ``describe`` says in Dutch what an error is about."""
    commands = typer.Typer(help=texts.render("help_index"), invoke_without_command=True)

    @commands.callback()
    def index(
        asked: typer.Context,
        progress_json: Annotated[bool, typer.Option("--progress-json", hidden=True)] = False,
        originals: _Originals = None,
        data: _Data = None,
    ) -> None:
        if asked.invoked_subcommand:
            return
        settings = read_settings(originals=originals, data=data)
        indexer = Indexer(settings, bootstrap.load_engine(settings))
        if progress_json:
            with terminal.failures_as_json(describe):
                indexer.build(terminal.report_as_json, patience=_PATIENCE)
        else:
            version = indexer.build(terminal.progress_line(texts))
            terminal.note(texts.render("indexed", version=version, folder=settings.index_folder))

    _add_add(commands, texts, describe)
    _add_list(commands, texts)
    _add_remove(commands, texts)
    return commands


def _add_add(commands: typer.Typer, texts: Texts, describe: Callable[[AssistantError], str]) -> None:
    @commands.command(help=texts.render("help_index_add"))
    def add(
        files: Annotated[list[Path], typer.Argument(metavar="BESTAND...", help=texts.render("help_files"))],
        shared: Annotated[bool, typer.Option("--shared", help=texts.render("help_shared"))] = False,
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap.documents import open_desk  # loads SQLAlchemy

        failed = 0
        with open_desk(read_settings(data=data)) as desk:
            for file in files:
                try:
                    added = _added(desk, file, shared, texts)
                except OSError:
                    terminal.note(texts.render("no_file", file=file))
                    failed += 1
                except AssistantError as error:
                    terminal.note(describe(_told(error)))
                    failed += 1
                else:
                    terminal.note(describe(_failure_of(added)) if added.fault else _outcome(added, texts))
                    failed += not added.is_found
        if failed:
            raise typer.Exit(1)


def _add_list(commands: typer.Typer, texts: Texts) -> None:
    @commands.command("list", help=texts.render("help_index_list"))
    def list_(data: _Data = None) -> None:
        from assistant.bootstrap.documents import open_desk  # loads SQLAlchemy

        with open_desk(read_settings(data=data)) as desk:
            kept = desk.documents.list(LOCAL.owner)
        if not kept:
            terminal.note(texts.render("no_documents"))
            return
        rows = [[texts.render(f"column_{name}") for name in _COLUMNS]]
        for line in terminal.table([*rows, *(_cells(one, texts) for one in kept)]):
            terminal.say(line)


def _add_remove(commands: typer.Typer, texts: Texts) -> None:
    @commands.command(help=texts.render("help_index_remove"))
    def remove(
        id_: Annotated[str, typer.Argument(metavar="ID", help=texts.render("help_document_id"))],
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap.documents import open_desk  # loads SQLAlchemy

        with open_desk(read_settings(data=data)) as desk:
            document = desk.documents.get(LOCAL.owner, id_.strip())
            desk.documents.remove(LOCAL.owner, document.id)
        terminal.note(texts.render("document_removed", title=document.title, id=document.id))


def _added(desk: "Desk", file: Path, is_shared: bool, texts: Texts) -> OwnDocument:
    """Add a file, or go on with the same one if that was broken off, until it is ready or has failed."""
    with file.open("rb") as opened:
        content = opened.read(MOST_DOCUMENT_BYTES + 1)
    try:
        id_ = desk.documents.add(LOCAL.owner, file.name, content, is_shared=is_shared).id
    except DuplicateDocument as error:
        id_ = error.details["value"]
        if not desk.documents.get(LOCAL.owner, id_).is_working:
            raise
    return desk.put_to_use(id_, _progress_line(file.name, texts))


def _progress_line(name: str, texts: Texts) -> Callable[[DocumentState, int, int], None]:
    """Return a function that draws how far a document is: in pages while it is read, then in passages."""

    def draw(state: DocumentState, done: int, total: int) -> None:
        if total:
            line = texts.render(f"document_{state.value}", name=name, done=done, total=total)
            terminal.draw(line, is_last=done == total)

    return draw


def _outcome(document: OwnDocument, texts: Texts) -> str:
    told = {"title": document.title, "id": document.id, "passages": document.passages}
    notices = Texts.read(default_prompts() / "documents.yaml")
    lines = [texts.render("document_added" if document.is_found else "document_stopped", **told)]
    if document.is_found and not document.is_shared:
        lines.append(texts.render("document_private"))
    return "\n".join([*lines, *(notices.render(notice.value) for notice in document.notices)])


def _failure_of(document: OwnDocument) -> AssistantError:
    return _told(UnreadableDocument(name=document.name, fault=document.fault or ""))


def _told(error: AssistantError) -> AssistantError:
    """Return an error whose fault, if it is of a document, is in words."""
    if not isinstance(error, UnreadableDocument):
        return error
    faults = Texts.read(default_prompts() / "documents.yaml")
    return UnreadableDocument(name=error.details["name"], fault=faults.render(error.details["fault"]))


def _cells(document: OwnDocument, texts: Texts) -> Sequence[str]:
    return (
        document.id,
        document.title,
        texts.render(f"state_{document.state.value}"),
        str(document.pages or "–"),
        str(document.passages or "–"),
        f"{document.added.astimezone():%d-%m-%Y}",
        texts.render("is_shared" if document.is_shared else "is_private"),
    )
