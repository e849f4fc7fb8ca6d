"""Events of an answer, progress and failures, as lines on a terminal or for another process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from assistant.answering.prompts import Texts
from assistant.domain import Answer, Citation, Event, ModelInUse, Progress, Refusal, Source, outcome_of
from assistant.errors import AssistantError


def show(events: Iterator[Event], sources: Mapping[str, Source], texts: Texts, as_json: bool) -> None:
    """Print how a question ends: as text to read, or as the JSON of the HTTP contract."""
    outcome = outcome_of(events)
    say(_as_contract(outcome, sources) if as_json else "\n\n".join(_paragraphs(outcome, sources, texts)))


def _as_contract(outcome: Answer | Refusal, sources: Mapping[str, Source]) -> str:
    from assistant.surfaces.api.presenting import present_outcome  # loads FastAPI

    return present_outcome(outcome, sources).model_dump_json(indent=2)


def _paragraphs(outcome: Answer | Refusal, sources: Mapping[str, Source], texts: Texts) -> Iterator[str]:
    yield outcome.markdown
    if isinstance(outcome, Answer):
        yield from outcome.notices
    if isinstance(outcome, Answer) and outcome.citations:
        cited = [cite(citation, sources, texts) for citation in outcome.citations]
        yield "\n".join([texts.render("sources"), *cited])
    if outcome.follow_ups:
        yield "\n".join([texts.render("follow_ups"), *(f"  - {asked}" for asked in outcome.follow_ups)])


def cite(citation: Citation, sources: Mapping[str, Source], texts: Texts) -> str:
    """Return a line with the number, source, section and words of a citation."""
    evidence = citation.evidence
    known = evidence.own or sources.get(evidence.source_id)
    kind = "citation" if evidence.span else "citation_of_card"
    return texts.render(
        "citation_of_own" if evidence.own else kind,
        number=citation.number,
        source=known.label if known else evidence.source_id,
        section=evidence.section,
        page=texts.render("citation_page", page=evidence.page) if evidence.page else "",
        quote=" ".join(evidence.quote.split()),
    )


def note(text: str) -> None:
    """Print a remark beside the answer, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def note_model(model: ModelInUse | None, texts: Texts) -> None:
    """Say which chat model words the answers and what it is sent, if there is one."""
    if model is not None:
        note(texts.render("model", name=model.name, destination=model.destination))


def progress_line(texts: Texts) -> Callable[[Progress], None]:
    """Return a function that draws progress on one line of standard error."""

    def note_progress(progress: Progress) -> None:
        line = texts.render("progress", done=progress.done, total=progress.total)
        draw(line, is_last=progress.done == progress.total)

    return note_progress


def draw(line: str, *, is_last: bool) -> None:
    """Draw a line of progress over the one before, on standard error."""
    sys.stderr.write(f"\r{line}" + ("\n" if is_last else ""))
    sys.stderr.flush()


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each row, with columns as wide as they need."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def report_as_json(progress: Progress) -> None:
    """Print progress as a line of JSON, for the process that started this one."""
    say(json.dumps({"done": progress.done, "total": progress.total}))


@contextmanager
def failures_as_json(describe: Callable[[AssistantError], str]) -> Iterator[None]:
    """Print why something failed, in Dutch, as a line of JSON; the error goes on."""
    try:
        yield
    except AssistantError as error:
        say(json.dumps({"failure": describe(error)}))
        raise


def say(text: str) -> None:
    """Print a line of what was asked for, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
