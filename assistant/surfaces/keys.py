"""The commands ``alliantie keys create``, ``list`` and ``revoke``: who may ask from elsewhere."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.answering.prompts import Texts
from assistant.domain import ApiKey, KeyScope
from assistant.settings import default_prompts, read_settings
from assistant.surfaces import terminal

if TYPE_CHECKING:
    from assistant.bootstrap.access import Access, KeyState

_COLUMNS = ("id", "name", "scopes", "created", "expires", "last_used", "state")
_LONGEST_DAYS = 36_500
_Data = Annotated[Path | None, typer.Option("--data", help="ASSISTANT_DATA")]


def build_keys_commands() -> typer.Typer:
    """Return the commands; what they say comes from ``prompts/keys.yaml``."""
    texts = Texts.read(default_prompts() / "keys.yaml")
    commands = typer.Typer(help=texts.render("help"), no_args_is_help=True)
    _add_create(commands, texts)
    _add_list(commands, texts)
    _add_revoke(commands, texts)
    return commands


def _add_create(commands: typer.Typer, texts: Texts) -> None:
    @commands.command(help=texts.render("help_create"))
    def create(  # noqa: PLR0913, PLR0917 - each is what a person may type
        name: Annotated[str, typer.Argument(metavar="NAAM", help=texts.render("help_name"))],
        scope: Annotated[list[KeyScope] | None, typer.Option(help=texts.render("help_scope"))] = None,
        days: Annotated[
            int | None, typer.Option(min=1, max=_LONGEST_DAYS, help=texts.render("help_days"))
        ] = None,
        rate: Annotated[str | None, typer.Option(help=texts.render("help_rate"))] = None,
        daily_questions: Annotated[
            int | None, typer.Option(min=1, help=texts.render("help_daily_questions"))
        ] = None,
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap.access import open_access  # loads SQLAlchemy

        expires = datetime.now(UTC) + timedelta(days=days) if days else None
        with open_access(read_settings(data=data)) as access:
            is_first = not access.has_keys()
            made = access.create(
                name, scope or [KeyScope.ASK], expires=expires, rate=rate, daily_questions=daily_questions
            )
        for line in _describe_made(made.key, is_first, texts):
            terminal.note(line)
        terminal.say(made.secret)


def _add_list(commands: typer.Typer, texts: Texts) -> None:
    @commands.command("list", help=texts.render("help_list"))
    def list_(
        as_json: Annotated[bool, typer.Option("--json", help=texts.render("help_json"))] = False,
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap.access import open_access  # loads SQLAlchemy

        with open_access(read_settings(data=data)) as access:
            kept = [(key, access.state(key)) for key in access.all()]
        if not kept:
            terminal.note(texts.render("none"))
        for line in _as_json_lines(kept) if as_json else _as_table(kept, texts):
            terminal.say(line)


def _add_revoke(commands: typer.Typer, texts: Texts) -> None:
    @commands.command(help=texts.render("help_revoke"))
    def revoke(
        id_: Annotated[str, typer.Argument(metavar="ID", help=texts.render("help_id"))],
        data: _Data = None,
    ) -> None:
        from assistant.bootstrap.access import open_access  # loads SQLAlchemy

        with open_access(read_settings(data=data)) as access:
            chosen = _chosen(access, id_.strip().lower(), texts)
            revoked = access.revoke(chosen.id)
            is_last = not access.has_usable_key()
        moment = (revoked.revoked or datetime.now(UTC)).astimezone()
        told = {"date": f"{moment:%d-%m-%Y}", "time": f"{moment:%H:%M}"}
        terminal.note(texts.render("revoked", name=revoked.name, id=revoked.id, **told))
        if is_last:
            terminal.note(texts.render("last_revoked"))


def _chosen(access: "Access", beginning: str, texts: Texts) -> ApiKey:
    """Return the key whose id has this beginning; where there is none or are several, say so and end."""
    fitting = [key for key in access.all() if beginning and key.id.startswith(beginning)]
    if len(fitting) != 1:
        ids = ", ".join(key.id for key in fitting)
        terminal.note(texts.render("ambiguous" if fitting else "unknown", id=beginning, ids=ids))
        raise typer.Exit(1)
    return fitting[0]


def _describe_made(key: ApiKey, is_first: bool, texts: Texts) -> Iterator[str]:
    yield texts.render("created", name=key.name, id=key.id, scopes=_scopes(key))
    yield texts.render("expires", date=_day(key.expires)) if key.expires else texts.render("expires_never")
    yield texts.render("keep")
    if is_first:
        yield texts.render("first")


def _as_table(kept: Sequence[tuple[ApiKey, "KeyState"]], texts: Texts) -> Iterator[str]:
    """Yield a line with the names of the columns and one for each key, all as wide as they need."""
    if not kept:
        return
    rows = [[texts.render(f"column_{name}") for name in _COLUMNS]]
    rows += [_cells(key, state, texts) for key, state in kept]
    yield from terminal.table(rows)


def _cells(key: ApiKey, state: "KeyState", texts: Texts) -> list[str]:
    return [
        key.id,
        key.name,
        _scopes(key),
        _day(key.created),
        _day(key.expires) if key.expires else texts.render("never_expires"),
        f"{key.last_used:%d-%m-%Y}" if key.last_used else texts.render("never_used"),
        texts.render(f"state_{state}"),
    ]


def _as_json_lines(kept: Sequence[tuple[ApiKey, "KeyState"]]) -> Iterator[str]:
    for key, state in kept:
        told = {**asdict(key), "scopes": sorted(key.scopes), "state": state}
        yield json.dumps(told, default=_iso, ensure_ascii=False)


def _iso(moment: date) -> str:
    return moment.isoformat()


def _scopes(key: ApiKey) -> str:
    return ", ".join(sorted(key.scopes))


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%d-%m-%Y}"
