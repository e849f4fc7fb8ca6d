"""Tests of charts: drawn by the real thing, read back as what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from assistant.publishing.charts import Chart, phase_strip, profile, tensions, to_png, to_svg, trend
from tests.publishing.examples import GROUPS, TEXTS, a_report, a_small_report
from tests.publishing.hostile import NASTY, made_hostile

REPORT = a_report()


def all_charts(hostile: bool = False) -> list[Chart]:
    report = made_hostile(REPORT) if hostile else REPORT
    strips = [phase_strip(one, TEXTS) for one in report.phases]
    return [
        *strips,
        profile(report.conditions, TEXTS),
        tensions(report.tensions, TEXTS),
        trend(report.trends, TEXTS),
    ]


def texts_in(svg: str) -> str:
    root = ElementTree.fromstring(svg)  # noqa: S314
    return " ".join("".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    return [to_svg(one) for one in all_charts()]


def test_an_svg_holds_no_script_and_no_link(drawn: list[str]) -> None:
    for svg in drawn + [to_svg(one) for one in all_charts(hostile=True)]:
        names = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(svg).iter()}  # noqa: S314
        assert names <= {"svg", "g", "path", "text", "tspan", "rect", "line", "defs", "clipPath", "style"}


def test_an_svg_says_what_it_shows_to_who_cannot_see_it(drawn: list[str]) -> None:
    for svg, chart in zip(drawn, all_charts(), strict=True):
        root = ElementTree.fromstring(svg)  # noqa: S314
        assert root.get("role") == "img"
        assert root.get("aria-label") == chart.alt


def test_texts_have_the_colour_of_the_page_and_there_is_no_background(drawn: list[str]) -> None:
    for svg in drawn:
        root = ElementTree.fromstring(svg)  # noqa: S314
        colours = {one.get("fill") for one in root.iter("{http://www.w3.org/2000/svg}text")}
        assert colours == {"currentColor"}
        assert "white" not in svg


def test_a_doubtful_strip_marks_two_phases_and_a_clear_one_marks_one() -> None:
    doubtful, clear, nowhere = (texts_in(to_svg(phase_strip(one, TEXTS))) for one in REPORT.phases)
    assert doubtful.count("misschien hier") == 2
    assert clear.count("u bent hier") == 1
    assert "hier" not in nowhere
    assert all(word in doubtful for word in ("Formeren", "Transformeren", "46%", "4%"))


def test_the_strip_says_in_words_where_the_alliance_is() -> None:
    doubtful, clear, nowhere = (phase_strip(one, TEXTS).alt for one in REPORT.phases)
    assert doubtful.endswith("Dit is misschien Formeren, misschien Funderen.")
    assert "Ontwikkelfase: ontdekken en leren 64%" in clear
    assert nowhere.endswith("valt niet te zeggen.")


def test_a_profile_names_its_conditions_groups_and_figures() -> None:
    chart = profile(REPORT.conditions, TEXTS)
    shown = texts_in(to_svg(chart))
    assert all(group in shown for group in GROUPS)
    assert "3,9" in shown
    assert "spreiding 0,8" in shown
    assert "Vertrouwen: allen samen 3,1, spreiding 0,8; Gemeente Oosterveld 4,1" in chart.alt


def test_a_condition_with_too_few_answers_says_so_and_has_no_mark() -> None:
    chart = profile(a_small_report().conditions, TEXTS)
    assert "te weinig antwoorden" in texts_in(to_svg(chart))
    assert chart.alt.endswith("Vertrouwen: te weinig antwoorden.")


def test_groups_that_score_alike_do_not_hide_one_another() -> None:
    rows = [row for row in rows_in(profile(REPORT.conditions[2:3], TEXTS).specification) if "is_total" in row]
    assert len(rows) == 4
    assert len({(row["mean"], row["y"]) for row in rows}) == 4


def test_a_tension_names_both_poles_and_says_to_which_it_tilts() -> None:
    chart = tensions(REPORT.tensions, TEXTS)
    assert "Controle" in texts_in(to_svg(chart))
    assert "Vertrouwen tegenover Controle: allen samen 0,9 van het midden, naar ‘Vertrouwen’" in chart.alt
    assert "allen samen in het midden" in chart.alt


def test_only_a_change_outside_the_noise_has_a_filled_dot() -> None:
    rows = rows_in(trend(REPORT.trends, TEXTS).specification)
    changed = {row["label"] for row in rows if row.get("is_change")}
    assert changed == {"3,9", "2,6"}


def test_a_png_is_as_much_larger_than_the_svg_as_asked() -> None:
    chart = phase_strip(REPORT.phases[0], TEXTS)
    root = ElementTree.fromstring(to_svg(chart))  # noqa: S314
    png = to_png(chart, 2.0)
    size = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    assert png.startswith(b"\x89PNG")
    assert size == tuple(round(float(root.get(side, "0")) * 2) for side in ("width", "height"))


def test_many_groups_with_long_names_can_be_drawn() -> None:
    one = REPORT.conditions[0]
    group = one.score.groups[0]
    groups = tuple(replace(group, group=f"{NASTY} {number}") for number in range(12))
    chart = profile([replace(one, score=replace(one.score, groups=groups))], TEXTS)
    shown = [row["group"] for row in rows_in(chart.specification) if row.get("is_total") is False]
    assert len(set(shown)) == 12
    assert to_png(chart).startswith(b"\x89PNG")


def rows_in(specification: object) -> list[dict[str, object]]:
    """Return all mappings in a specification, the rows of its data among them."""
    if isinstance(specification, list):
        return [row for part in specification for row in rows_in(part)]
    if not isinstance(specification, Mapping):
        return []
    return [dict(specification), *(row for part in specification.values() for row in rows_in(part))]
