"""The agenda: by turns a gap, a spread and what is low; an item once, six points at most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.agenda import MOST_POINTS, draw_up
from assistant.domain import AgendaKind, ConditionResult, GroupScore, Score
from tests.coach.checks import PROPERTY, shipped

ITEMS = {one.id: one for one in shipped().questionnaire.items}
NORMS = shipped().norms


def _score(item_id: str, mean: float, spread: float = 0.0, low: float = 3.0, high: float = 3.0) -> Score:
    groups = (GroupScore("Klein", low, 3), GroupScore("Groot", high, 3))
    return Score(item_id, ITEMS[item_id].text, mean, spread, 6, groups, NORMS.band_of(mean).label)


def _result(*scores: Score) -> list[ConditionResult]:
    return [ConditionResult(Score("ambitie", "Ambitie", 3.0, 0.0, 6), scores)]


def test_the_largest_gap_the_largest_spread_and_the_lowest_take_turns() -> None:
    points = draw_up(
        _result(
            _score("ambitie-gedeeld", 1.5),
            _score("ambitie-helder", 4.0, spread=1.4),
            _score("ambitie-waarden", 4.0, low=2.0, high=5.0),
            _score("ambitie-levend", 4.0, low=3.0, high=5.0),
            _score("ambitie-haalbaar", 4.8, spread=0.4, low=4.6, high=5.0),
        ),
        ITEMS,
        NORMS,
    )
    assert [(one.kind, one.item_id) for one in points] == [
        (AgendaKind.GAP, "ambitie-waarden"),
        (AgendaKind.SPREAD, "ambitie-helder"),
        (AgendaKind.LOW, "ambitie-gedeeld"),
        (AgendaKind.GAP, "ambitie-levend"),
    ]
    assert "hoogst zijn de antwoorden van Groot, het laagst die van Klein" in points[0].finding
    assert all(one.statements == ITEMS[one.item_id].statements for one in points)
    assert all("{" not in one.finding + one.question for one in points)


_SCORES = st.builds(
    _score,
    st.sampled_from(sorted(ITEMS)),
    st.sampled_from([1.0, 2.5, 3.0, 4.0, 5.0]),
    st.sampled_from([0.0, 1.0, 1.9]),
    st.sampled_from([1.0, 3.0]),
    st.sampled_from([3.0, 5.0]),
)


@PROPERTY
@given(st.lists(_SCORES, unique_by=lambda one: one.id))
def test_no_item_is_two_points_and_there_are_six_at_most(scores: list[Score]) -> None:
    points = draw_up(_result(*scores), ITEMS, NORMS)
    assert len({one.item_id for one in points}) == len(points) <= MOST_POINTS


def test_where_all_is_well_there_is_nothing_to_bring_up() -> None:
    assert draw_up(_result(_score("ambitie-helder", 4.5, spread=0.5)), ITEMS, NORMS) == ()


def test_what_is_not_shown_is_no_point() -> None:
    hidden = Score("ambitie-helder", "", None, None, 0)
    assert draw_up(_result(hidden), ITEMS, NORMS) == ()
