"""Texts for readers: read from files, filled strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.prompts import Texts
from assistant.errors import InvalidTexts

PROMPTS = Path(__file__).parents[2] / "prompts"


def write(folder: Path, text: str) -> Path:
    path = folder / "texts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["answers", "cli", "corpus", "model", "page", "problems"])
def test_every_text_of_the_product_can_be_rendered(name: str) -> None:
    texts = Texts.read(PROMPTS / f"{name}.yaml")
    for key in texts.entries:
        filled = texts.render(key, **dict.fromkeys(texts.placeholders(key), "x"))
        assert filled
        assert "{" not in filled


def test_a_value_is_never_read_as_a_template(tmp_path: Path) -> None:
    texts = Texts.read(write(tmp_path, "searched: 'Gezocht in {where}.'"))
    assert texts.render("searched", where="{0.__class__}") == "Gezocht in {0.__class__}."


@pytest.mark.parametrize(
    "content",
    [
        "- a list",
        "key: [a, b]",
        "key: 'open {'",
        "key: '{0}'",
        "key: '{name.attribute}'",
        "key: {nested: x}",
        "a: [",
    ],
)
def test_a_file_that_is_not_a_mapping_of_texts_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InvalidTexts):
        Texts.read(write(tmp_path, content))


def test_a_missing_value_names_file_key_and_placeholder(tmp_path: Path) -> None:
    texts = Texts.read(write(tmp_path, "hello: Dag {name}"))
    with pytest.raises(InvalidTexts, match=r"texts\.yaml.*hello.*name"):
        texts.render("hello")


def test_an_unknown_key_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidTexts, match="bye"):
        Texts.read(write(tmp_path, "hello: Dag")).render("bye")
