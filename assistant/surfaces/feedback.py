"""The command ``alliantie feedback``: what readers said of answers, for the curator."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import Annotated

import typer
from pydantic import TypeAdapter

from assistant.answering.prompts import Texts
from assistant.domain import GivenFeedback, Source, Verdict
from assistant.settings import read_settings
from assistant.surfaces import terminal


def add_feedback_command(cli: typer.Typer, texts: Texts) -> None:
    """Add the command; what it says comes from ``prompts/cli.yaml``."""

    @cli.command(help=texts.render("help_feedback"))
    def feedback(
        verdict: Annotated[Verdict | None, typer.Option(help=texts.render("help_verdict"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=texts.render("help_feedback_json"))] = False,
        data: Annotated[Path | None, typer.Option("--data", help="ASSISTANT_DATA")] = None,
    ) -> None:
        # Loads SQLAlchemy, which hardly any other command needs.
        from assistant.bootstrap.conversations import read_feedback
        from assistant.bootstrap.curating import read_corpus

        settings = read_settings(data=data)
        given = read_feedback(settings, verdict)
        if not given:
            terminal.note(texts.render("no_feedback"))
        elif as_json:
            for line in as_json_lines(given):
                terminal.say(line)
        else:
            sources = read_corpus(settings).sources
            terminal.say("\n\n".join(describe(one, sources, texts) for one in given))


def as_json_lines(given: Iterable[GivenFeedback]) -> Iterator[str]:
    """Yield each as a line of JSON, with all that was kept of it."""
    adapter = TypeAdapter(GivenFeedback)
    return (adapter.dump_json(one).decode() for one in given)


def describe(given: GivenFeedback, sources: Mapping[str, Source], texts: Texts) -> str:
    """Return what a reader said and of what, as text to read."""
    return "\n".join(_lines(given, sources, texts))


def _lines(given: GivenFeedback, sources: Mapping[str, Source], texts: Texts) -> Iterator[str]:
    said, exchange = given.feedback, given.exchange
    moment = given.given.astimezone()
    verdict = texts.render(f"verdict_{said.verdict}")
    yield texts.render("feedback", date=f"{moment:%d-%m-%Y}", time=f"{moment:%H:%M}", verdict=verdict)
    if said.reasons:
        yield texts.render("feedback_reasons", reasons=", ".join(said.reasons))
    if said.remark:
        yield texts.render("feedback_remark", remark=_indented(said.remark))
    yield texts.render("feedback_question", question=_indented(exchange.question))
    yield texts.render("feedback_answer", answer=_indented(exchange.markdown))
    if exchange.citations:
        yield texts.render("feedback_passages")
        yield from (terminal.cite(citation, sources, texts) for citation in exchange.citations)


def _indented(text: str) -> str:
    return indent(text, "  ").strip()
