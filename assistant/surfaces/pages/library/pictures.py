"""The pictures of the library: the phases as each author orders them, and the paradoxes between their poles.

All that is drawn comes from the cards and from the models and tensions of the health check. Measures are in
units of the drawing, which is as wide as a narrow screen, so that its letters stay readable there.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.prompts import Texts
from assistant.domain import Card, CardKind, Catalogue, PhaseModel, Questionnaire, SectionRole
from assistant.surfaces.pages.library.cards import Link
from assistant.surfaces.pages.library.sources import source_ids_of
from assistant.surfaces.pages.marking import link_to_card

WIDTH = 340
_LINE = 19
"""From one line of text to the next."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that is a link, with its lines of text."""

    x: float
    y: float
    width: float
    height: float
    name: str
    lines: tuple[str, ...]
    """What stands under the name."""
    link: str
    about: str
    """What the list next to the drawing says."""

    @property
    def middle(self) -> float:
        """Where its text is centred."""
        return self.x + self.width / 2

    def baseline(self, line: int) -> float:
        """Return where a line of text stands; the name is line 0."""
        top = self.y + (self.height - _LINE * (1 + len(self.lines))) / 2
        return top + _LINE * line + 14


@dataclass(frozen=True, slots=True)
class Arrow:
    """The head of an arrow, and where it points to in degrees."""

    x: float
    y: float
    degrees: float


@dataclass(frozen=True, slots=True)
class PhasePicture:
    """The phases of one author."""

    id: str
    title: str
    source: str
    height: float
    is_ring: bool
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    model: Link | None
    """The card about the whole."""


@dataclass(frozen=True, slots=True)
class Poles:
    """A paradox as a beam between two poles."""

    y: float
    height: float
    title: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    beam: float
    """How high the beam lies."""
    link: str
    name: str
    between: str
    """Both poles, as the list next to the drawing says."""


@dataclass(frozen=True, slots=True)
class ParadoxPicture:
    """Paradoxes of one source, or those that are only named."""

    id: str
    title: str
    is_only_named: bool
    height: float
    rows: tuple[Poles, ...]


@dataclass(frozen=True, slots=True)
class Paradoxes:
    """The pictures of the paradoxes, and what the cards say about those that aren't in the texts."""

    pictures: tuple[ParadoxPicture, ...]
    missing: tuple[str, ...]
    overview: Link | None


# ── Phases ───────────────────────────────────────────────────────────────────

_RING_HEIGHT = 300
_RADII = (101, 118)
_RING_BOX = (134, 50)
_ROW_BOX = (270, 60)
_ROW_GAP = 34


def draw_phases(charts: Questionnaire, catalogue: Catalogue, texts: Texts) -> tuple[PhasePicture, ...]:
    """Return a picture for each author's phases that the cards have: a ring where they go round."""
    pictures = (_draw_model(model, charts, catalogue, texts) for model in charts.models)
    return tuple(picture for picture in pictures if picture.boxes)


def _draw_model(model: PhaseModel, charts: Questionnaire, catalogue: Catalogue, texts: Texts) -> PhasePicture:
    cards = [catalogue.cards[one] for one in model.phases if one in catalogue.cards]
    is_ring = f"round.{model.id}" in texts
    count = len(cards)
    places = _ring(count) if is_ring else _row(count)
    width, height = _RING_BOX if is_ring else _ROW_BOX
    return PhasePicture(
        id=model.id,
        title=model.title,
        source=catalogue.sources[source_ids_of(cards[0])[0]].label if cards else "",
        height=_RING_HEIGHT if is_ring else count * (height + _ROW_GAP) - _ROW_GAP + 2,
        is_ring=is_ring,
        boxes=tuple(
            _box(card, charts.phase_names.get(card.id, card.title), x - width / 2, y - height / 2, is_ring)
            for card, (x, y) in zip(cards, places, strict=True)
        ),
        arrows=tuple(_ring_arrows(count) if is_ring else _row_arrows(count)),
        model=_model_card(cards, catalogue),
    )


def _box(card: Card, name: str, x: float, y: float, is_ring: bool) -> Box:
    width, height = _RING_BOX if is_ring else _ROW_BOX
    after = card.title.partition(": ")[2]
    about = next(card.statements).plain
    return Box(x, y, width, height, name, (after,) if after else (), link_to_card(card.id), about)


def _ring(count: int) -> list[tuple[float, float]]:
    return [_on_ring(number / count) for number in range(count)]


def _on_ring(turn: float) -> tuple[float, float]:
    """Return a place on the ring, as a part of a turn from the top."""
    angle = 2 * math.pi * turn
    return WIDTH / 2 + _RADII[0] * math.sin(angle), _RING_HEIGHT / 2 - _RADII[1] * math.cos(angle)


def _ring_arrows(count: int) -> Iterator[Arrow]:
    """Yield an arrow halfway between each phase and the next."""
    for number in range(count):
        turn = (number + 0.5) / count
        angle = 2 * math.pi * turn
        x, y = _on_ring(turn)
        degrees = math.degrees(math.atan2(_RADII[1] * math.sin(angle), _RADII[0] * math.cos(angle)))
        yield Arrow(round(x, 1), round(y, 1), round(degrees, 1))


def _row(count: int) -> list[tuple[float, float]]:
    step = _ROW_BOX[1] + _ROW_GAP
    return [(WIDTH / 2, 1 + _ROW_BOX[1] / 2 + number * step) for number in range(count)]


def _row_arrows(count: int) -> Iterator[Arrow]:
    for _, y in _row(count)[:-1]:
        yield Arrow(WIDTH / 2, y + (_ROW_BOX[1] + _ROW_GAP) / 2, 90)


def _model_card(phases: Sequence[Card], catalogue: Catalogue) -> Link | None:
    """Return the card about all these phases and little else: the one with fewest other relations."""
    ids = {card.id for card in phases}
    about = (
        card
        for card in catalogue.cards.values()
        if card.kind is not CardKind.PHASE and ids <= set(card.related)
    )
    card = min(about, key=lambda one: len(one.related), default=None)
    return Link(card.title, link_to_card(card.id)) if card and phases else None


# ── Paradoxes ────────────────────────────────────────────────────────────────

_TITLE_LETTERS = 36
_POLE_LETTERS = 19
_ROW_MARGIN = 14
_BEAM = 26
"""Room for the beam, between the title and the poles."""
_BETWEEN = 12


def draw_paradoxes(charts: Questionnaire, catalogue: Catalogue, texts: Texts) -> Paradoxes:
    """Return the paradoxes by source, those only named last, and what the cards say is missing."""
    order = {tension.card_id: number for number, tension in enumerate(charts.tensions)}
    cards = [card for card in catalogue.cards.values() if card.kind is CardKind.PARADOX]
    cards.sort(key=lambda card: (order.get(card.id, len(order)), card.title))
    groups: dict[str, list[Card]] = {}
    for card in cards:
        groups.setdefault("" if _limits(card) else source_ids_of(card)[0], []).append(card)
    named = groups.pop("", [])
    pictures = [
        _group(one, texts.render("paradoxes_of", source=catalogue.sources[one].label), group, charts)
        for one, group in groups.items()
    ]
    if named:
        pictures.append(_group("", texts.render("paradoxes_named"), named, charts))
    overview = _overview(cards, catalogue)
    return Paradoxes(
        tuple(pictures),
        _limits(overview) if overview else (),
        Link(overview.title, link_to_card(overview.id)) if overview else None,
    )


def _group(id_: str, title: str, cards: Sequence[Card], charts: Questionnaire) -> ParadoxPicture:
    rows: list[Poles] = []
    y = 1.0
    for card in cards:
        rows.append(_poles(card, y, charts))
        y += rows[-1].height + _BETWEEN
    return ParadoxPicture(id_ or "genoemd", title, not id_, y - _BETWEEN + 1, tuple(rows))


def _poles(card: Card, y: float, charts: Questionnaire) -> Poles:
    left, right = _names_of_poles(card, charts)
    title = _wrap(card.title, _TITLE_LETTERS)
    lefts, rights = _wrap(left, _POLE_LETTERS), _wrap(right, _POLE_LETTERS)
    beam = y + _ROW_MARGIN + _LINE * len(title) + _BEAM / 2
    height = _ROW_MARGIN * 2 + _BEAM + _LINE * (len(title) + max(len(lefts), len(rights)))
    return Poles(
        y, height, title, lefts, rights, beam, link_to_card(card.id), card.title, f"{left} – {right}"
    )


def _names_of_poles(card: Card, charts: Questionnaire) -> tuple[str, str]:
    """Return the poles as the health check names them, else the card's two items, else its title's halves."""
    for tension in charts.tensions:
        if tension.card_id == card.id:
            return tension.left, tension.right
    for section in card.sections:
        labels = [one.label for one in section.statements if one.label]
        if len(labels) == 2:
            return labels[0], labels[1]
    left, _, right = card.title.partition(" en ")
    return left, right[:1].upper() + right[1:]


def _limits(card: Card) -> tuple[str, ...]:
    """Return what a card says that the texts don't say."""
    limits = (section for section in card.sections if section.role is SectionRole.LIMITS)
    return tuple(statement.plain for section in limits for statement in section.statements)


def _overview(paradoxes: Sequence[Card], catalogue: Catalogue) -> Card | None:
    """Return the overview that relates to most of the paradoxes."""
    ids = {card.id for card in paradoxes}
    overviews = (card for card in catalogue.cards.values() if card.kind is CardKind.OVERVIEW)
    card = max(overviews, key=lambda one: len(ids & set(one.related)), default=None)
    return card if card and ids & set(card.related) else None


def _wrap(text: str, letters: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, letters, break_on_hyphens=False)) or ("",)
