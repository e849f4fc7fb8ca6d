"""The plots are SVG with real text, drawn only from what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from evals.report.labels import read_labels
from evals.report.plots import draw_plots
from evals.results import Part, Timed
from tests.evals.report.reports import own_report, part


def texts(svg: bytes) -> set[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by ourselves
    return {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}


@pytest.fixture(scope="module")
def plots() -> Mapping[str, bytes]:
    return draw_plots(part(), read_labels())


def test_all_four_plots_are_drawn(plots: Mapping[str, bytes]) -> None:
    assert set(plots) == {"ndcg", "vital", "calibration", "latency"}


def test_text_stays_text_in_dutch(plots: Mapping[str, bytes]) -> None:
    systems = {"de assistent", "trefwoorden (BM25)", "vectoren", "RRF", "leerboek-RAG"}
    types = {"begrip", "opsomming", "waarom", "slordig of in spreektaal", "samen"}
    assert systems | types | {"doel", "0,95"} <= texts(plots["ndcg"])
    assert "zekerheid van de assistent" in texts(plots["calibration"])
    assert "milliseconden" in texts(plots["latency"])


def test_a_plot_holds_no_date_and_is_the_same_twice(plots: Mapping[str, bytes]) -> None:
    assert draw_plots(part(), read_labels()) == plots
    assert all(b"<dc:date>" not in svg for svg in plots.values())


def test_nothing_is_drawn_of_what_was_not_measured() -> None:
    assert draw_plots(own_report().parts[0], read_labels()) == {}


def test_a_single_answering_time_can_be_drawn() -> None:
    once: Part = replace(part(), timed=Timed(1, 20.0, 20.0, 18.0, 18.0, (20.0,)))
    assert "heel antwoord" in texts(draw_plots(once, read_labels())["latency"])
