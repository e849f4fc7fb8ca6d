"""Every error has its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant import errors
from assistant.answering.prompts import Texts
from assistant.errors import AssistantError


def _kinds(kind: type[AssistantError] = AssistantError) -> Iterator[type[AssistantError]]:
    yield kind
    for narrower in kind.__subclasses__():
        if narrower.__module__ == errors.__name__:
            yield from _kinds(narrower)


@pytest.mark.parametrize("kind", list(_kinds()), ids=lambda kind: kind.__name__)
def test_every_error_has_a_title_and_a_text_that_its_details_fill(
    texts: Texts, kind: type[AssistantError]
) -> None:
    documented = re.search(r"Details: (.*)", kind.__doc__ or "")
    details = set(re.findall(r"``(\w+)``", documented[1])) if documented else set()
    assert texts.placeholders(kind.code) <= details
    assert texts.render(f"{kind.code}.titel")


def test_every_problem_has_both_a_text_and_a_title(texts: Texts) -> None:
    keys = {key for key in texts.entries if not key.startswith("veld.")}
    titles = {key for key in keys if key.endswith(".titel")}
    assert {f"{key}.titel" for key in keys - titles} == titles
