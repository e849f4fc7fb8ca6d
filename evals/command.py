"""``alliantie eval``: asks reference questions, the suite's or a user's own, and reports."""

# Annotations are evaluated here, not kept as text: Typer reads the help in them from local names.

import importlib.util
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.answering.prompts import Texts
from assistant.errors import InvalidItems, MissingEngine
from assistant.settings import read_settings
from evals.items import DATA, Items, read_items

TEXTS = Texts.read(Path(__file__).with_name("command.yaml"))
NEEDS = ("ir_measures", "sklearn", "matplotlib", "langchain_text_splitters")
OWN = "own"


def evaluate(
    questions: Annotated[Path | None, typer.Option(help=TEXTS.render("help_questions"))] = None,
    to: Annotated[Path | None, typer.Option(help=TEXTS.render("help_to"))] = None,
    judge: Annotated[str | None, typer.Option(help=TEXTS.render("help_judge"))] = None,
    baselines: Annotated[bool, typer.Option(help=TEXTS.render("help_baselines"))] = True,
    ablations: Annotated[bool, typer.Option(help=TEXTS.render("help_ablations"))] = False,
) -> None:
    """Ask the questions, print a summary, and write the report where it's asked for."""
    require_extra()
    if ablations and questions:
        raise typer.BadParameter(TEXTS.render("no_ablations"), param_hint="--ablations")
    from evals.report.writing import summarize, write_report
    from evals.running import Choices, run_suite

    sets = (
        {OWN: read_own(questions)} if questions else {one: read_items(DATA / one) for one in ("dev", "test")}
    )
    choices = Choices(
        judge=judge,
        with_baselines=baselines,
        with_ablations=ablations,
        is_own=questions is not None,
    )
    report = run_suite(read_settings(), sets, choices, note)
    sys.stdout.write(summarize(report))
    if to is not None:
        sys.stdout.write(TEXTS.render("written", path=write_report(report, to)) + "\n")


def add_to(cli: typer.Typer) -> None:
    """Add the command to the product's command line."""
    cli.command("eval", help=TEXTS.render("help"))(evaluate)


def read_own(path: Path) -> Items:
    """Read a user's own questions; ``InvalidItems`` if there are none."""
    items = read_items(path)
    if not items.answerable and not items.unanswerable:
        raise InvalidItems(file=str(path), line="1", reason=TEXTS.render("empty"))
    return items


def require_extra() -> None:
    """Raise ``MissingEngine`` if the packages that measuring needs aren't installed."""
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        remedy = "pip install 'alliantie-assistent[evals]'"
        raise MissingEngine(engine="evals", remedy=remedy, reason=", ".join(missing))


def note(way: str, split: str) -> None:
    """Say what is being measured, on standard error."""
    told = TEXTS.render("asking", way=TEXTS.render(f"way_{way}"), split=TEXTS.render(f"split_{split}"))
    sys.stderr.write(told + "\n")
    sys.stderr.flush()
