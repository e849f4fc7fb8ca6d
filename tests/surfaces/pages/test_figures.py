"""Charts as a page shows them."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.bootstrap import Assistant
from assistant.settings import Settings
from tests.surfaces.pages.coaching import served


def test_a_chart_is_one_image_with_words_for_it_and_no_nameless_images_in_it(
    card_settings: Settings, from_cards: Assistant, tmp_path: Path
) -> None:
    with served(card_settings, from_cards, tmp_path) as pages:
        key = pages.closed([2, 4, 3], [5, 4, 4], [1, 2, 3])
        charts = re.findall(r"<svg role=.*?</svg>", pages.client.get(f"/check/rapport/{key}").text, re.DOTALL)
    assert charts
    assert all(chart.startswith('<svg role="img" aria-label="') for chart in charts)
    assert not any("graphics-" in chart for chart in charts)
