"""The brief that a coach takes into a session: from a described situation, a check, or both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.coach.choosing import Choosing
from assistant.coach.hypotheses import Suspecting, Suspicion, Wording
from assistant.coach.interventions import PartyQuestion, Repertoire, read_repertoire
from assistant.coach.poles import read_poles
from assistant.coach.signs import read_signs
from assistant.coach.situations import Retrieves, Situation, read_situation
from assistant.coach.told import Told
from assistant.domain import (
    AgendaBlock,
    Brief,
    Catalogue,
    CitedText,
    Intervention,
    PartyQuestions,
    Report,
)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a brief is made with, for the cards of one version of the index."""

    suspecting: Suspecting
    repertoire: Repertoire
    wording: Wording


def read_toolbox(
    folder: Path, catalogue: Catalogue, conditions: Collection[str], wording: Wording
) -> Toolbox:
    """Read ``corpus/coaching`` for these cards and the ids of the questionnaire's conditions.

    ``wording`` holds ``prompts/brief.yaml``. Raises ``InvalidQuestionnaire`` for every mistake.
    """
    poles = read_poles(folder / "poles.yaml", catalogue.cards)
    signs = read_signs(folder / "signs.yaml", catalogue.cards)
    suspecting = Suspecting(catalogue.cards, catalogue.sources, poles, signs, wording)
    return Toolbox(suspecting, read_repertoire(folder, catalogue.cards, conditions), wording)


def build_brief(
    title: str, situation: str, report: Report | None, *, toolbox: Toolbox, retriever: Retrieves
) -> Brief:
    """Make a brief; without anything to go on, one that asks what it needs to know."""
    described = read_situation(situation, toolbox.suspecting.cards, retriever)
    suspicions = toolbox.suspecting.suspect(described, report)
    if not suspicions:
        return _asking_brief(title, situation, toolbox.wording)
    told = Told(described, toolbox.suspecting.signs) if described else None
    choosing = Choosing(suspicions, told, report)
    interventions = tuple(method.intervention for method in choosing.methods(toolbox.repertoire))
    return Brief(
        title=title,
        situation=situation.strip(),
        hypotheses=tuple(one.hypothesis for one in suspicions),
        interventions=interventions,
        questions=_questions(toolbox.wording, choosing.questions(toolbox.repertoire)),
        agenda=tuple(_agenda(toolbox, suspicions, interventions)),
        caveats=_caveats(toolbox, suspicions, situation, described, report),
    )


# ── Saying ───────────────────────────────────────────────────────────────────


def _questions(wording: Wording, chosen: Mapping[str, Sequence[PartyQuestion]]) -> tuple[PartyQuestions, ...]:
    """Return the questions under the names of the parties."""
    return tuple(
        PartyQuestions(
            wording.render(f"party_{party.replace('-', '_')}"), tuple(one.question for one in questions)
        )
        for party, questions in chosen.items()
    )


def _agenda(
    toolbox: Toolbox, suspicions: Sequence[Suspicion], interventions: Sequence[Intervention]
) -> Iterable[AgendaBlock]:
    """Fill the agenda with the strongest suspicion, of a paradox if there is one, and the first step."""
    paradoxes = [one for one in suspicions if not one.hypothesis.is_phase]
    hypothesis = _suspicion_text(toolbox.wording, (paradoxes or list(suspicions))[0])
    render = toolbox.wording.render
    intervention = interventions[0].title if interventions else ""
    named = render("agenda_intervention", title=intervention) if interventions else render("agenda_own")
    for block in toolbox.repertoire.agenda:
        text = block.text.text.format(hypothese=hypothesis, interventie=named)
        yield replace(block, text=replace(block.text, text=text))


def _suspicion_text(wording: Wording, suspicion: Suspicion) -> str:
    """Return a hypothesis as the coach can lay it before the partners, in half a sentence."""
    key = f"suspicion_{suspicion.hypothesis.card_id.replace('-', '_')}"
    return wording.render(f"{key}_{suspicion.lean}" if suspicion.lean else key)


def _caveats(
    toolbox: Toolbox,
    suspicions: Sequence[Suspicion],
    situation: str,
    described: Situation | None,
    report: Report | None,
) -> tuple[str, ...]:
    """Say what the brief can't know."""
    phases = [one for one in suspicions if one.hypothesis.is_phase]
    cards = toolbox.suspecting.cards
    authors = {toolbox.suspecting.author(cards[one.hypothesis.card_id]) for one in phases}
    said: Mapping[str, bool] = {
        "caveat_hypotheses": True,
        "caveat_one_side": described is not None,
        "caveat_situation_unused": bool(situation.strip()) and described is None,
        "caveat_check": report is not None,
        "caveat_no_check": report is None,
        "caveat_no_phase": not phases,
        "caveat_authors": len(authors) > 1,
        "caveat_own_craft": True,
    }
    return tuple(toolbox.wording.render(key) for key, holds in said.items() if holds)


def _asking_brief(title: str, situation: str, wording: Wording) -> Brief:
    """Return a brief without hypotheses: what it needs to be told first."""
    asked = [CitedText(line) for line in wording.render("needed_questions").splitlines()]
    needed = PartyQuestions(wording.render("needed_party"), tuple(asked))
    return Brief(title, situation.strip(), (), (), (needed,), (), (wording.render("caveat_nothing"),))
