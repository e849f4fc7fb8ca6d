"""The commands ``alliantie corpus check`` and ``alliantie corpus coverage``."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from assistant import bootstrap
from assistant.answering.prompts import Texts
from assistant.corpus.checking import Tally
from assistant.corpus.coverage import Coverage, SectionCoverage
from assistant.corpus.findings import Finding
from assistant.errors import AssistantError
from assistant.indexing.inspecting import Inspection
from assistant.settings import read_settings
from assistant.surfaces import terminal


def build_corpus_commands(texts: Texts) -> typer.Typer:
    """Return the commands for curators; what they say comes from ``prompts/corpus.yaml``."""
    commands = typer.Typer(help=texts.render("help"), no_args_is_help=True)

    @commands.command(help=texts.render("help_check"))
    def check(
        originals: Annotated[Path | None, typer.Option("--originals", help="ASSISTANT_ORIGINALS")] = None,
    ) -> None:
        # Loads SQLAlchemy, which no other command but ``serve`` needs.
        from assistant.bootstrap.coaching import check_coaching

        settings = read_settings(originals=originals)
        inspection = bootstrap.check_corpus(settings)
        for line in describe_findings(inspection.findings, settings.corpus, texts):
            terminal.say(line)
        terminal.say(describe_outcome(inspection, texts))
        if inspection.has_errors:
            raise typer.Exit(1)
        check_coaching(settings)

    @commands.command(help=texts.render("help_coverage"))
    def coverage() -> None:
        measured = bootstrap.measure_coverage(read_settings())
        for line in describe_coverage(measured, texts):
            terminal.say(line)
        if not measured.is_whole:
            raise typer.Exit(1)

    return commands


def describe_error(error: AssistantError, problems: Texts, texts: Texts) -> str:
    """Return what to tell about an error; a fault in the corpus is told as ``corpus check`` tells it."""
    fault = error.details.get("fault")
    if fault is None or "line" not in error.details:
        return problems.render(error.code, **error.details)
    told = {name: value for name, value in error.details.items() if name not in ("file", "line", "fault")}
    file = _shown(Path(error.details["file"]))
    return texts.render("fout", file=file, line=error.details["line"], text=texts.render(fault, **told))


def describe_findings(findings: Iterable[Finding], corpus: Path, texts: Texts) -> Iterator[str]:
    """Yield a line for each finding, with the path as it is seen from the current folder."""
    for finding in findings:
        yield texts.render(
            "fout" if finding.is_error else "waarschuwing",
            file=_shown(corpus / finding.file),
            line=finding.line,
            text=texts.render(finding.code, **finding.details),
        )


def describe_outcome(inspection: Inspection, texts: Texts) -> str:
    """Return the line that a check ends with: how many errors there are, or what was checked."""
    errors = sum(finding.is_error for finding in inspection.findings)
    warnings = len(inspection.findings) - errors
    if errors or inspection.tally is None:
        return texts.render("niet-goed", errors=errors, warnings=warnings)
    return _describe_tally(inspection.tally, warnings, texts)


def describe_coverage(coverage: Coverage, texts: Texts) -> Iterator[str]:
    """Yield the sections by source, then those that aren't searched, and last the share covered."""
    wanted = [section for section in coverage.sections if section.is_indexed]
    apart = [section for section in coverage.sections if not section.is_indexed]
    yield from _by_source(wanted, texts)
    if apart:
        yield texts.render("niet-doorzocht")
        yield from _by_source(apart, texts)
    share = 100 * coverage.covered / coverage.wanted if coverage.wanted else 100.0
    yield texts.render("dekking", covered=coverage.covered, wanted=coverage.wanted, share=_number(share, 1))


def _by_source(sections: Iterable[SectionCoverage], texts: Texts) -> Iterator[str]:
    for source, parts in groupby(sections, key=lambda section: section.source):
        yield texts.render("bron", label=source.label, id=source.id)
        for part in parts:
            cards = [texts.render("kaart", id=card, count=count) for card, count in part.cards]
            listed = ", ".join(cards) or texts.render("geen-kaart")
            yield "  " + texts.render("deel", title=part.title, cards=listed)


def _describe_tally(tally: Tally, warnings: int, texts: Texts) -> str:
    counts = {"sources": tally.sources, "cards": tally.cards, "statements": tally.statements}
    if tally.support is None:
        return texts.render("goed", **counts, warnings=warnings)
    support = tally.support
    return texts.render(
        "goed-met-originelen",
        **counts,
        links=tally.links,
        lowest=_number(support.lowest, 2),
        low=_number(support.low, 2),
        median=_number(support.median, 2),
        warnings=warnings,
    )


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
