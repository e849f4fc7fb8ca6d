"""What the repository may not hold: sentences, telephone numbers and addresses of the originals."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
RUN = 12
"""So many words in a row count as a sentence of someone else's."""

pytestmark = pytest.mark.originals


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield each tracked or new file that is text, with its name."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        path = REPOSITORY / name
        try:
            yield name, path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def words(text: str) -> list[str]:
    """Return the words without case, accents and hyphenation, so that a changed comma hides nothing."""
    joined = re.sub(r"-\s*\n+\s*(?=[a-zà-ÿ])", "", text)
    plain = unicodedata.normalize("NFKD", joined.lower())
    return re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))


def runs(listed: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(listed[start : start + RUN]) for start in range(len(listed) - RUN + 1))


@pytest.fixture(scope="module")
def original_texts(originals: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(originals.glob("*.txt"))]


def test_no_tracked_file_holds_twelve_words_in_a_row_of_an_original(original_texts: list[str]) -> None:
    theirs = {run for text in original_texts for run in runs(words(text))}
    found = {
        name: " ".join(run) for name, text in tracked_texts() for run in runs(words(text)) if run in theirs
    }
    assert found == {}


def test_the_search_for_sentences_finds_one_that_is_reflowed_and_repunctuated(
    original_texts: list[str],
) -> None:
    theirs = {run for text in original_texts for run in runs(words(text))}
    sample = words(original_texts[0])[100 : 100 + RUN]
    assert any(run in theirs for run in runs(words("Zo: " + ",\n".join(sample).upper() + "!")))


def test_no_tracked_file_holds_a_telephone_number_or_an_address_of_an_original(
    original_texts: list[str],
) -> None:
    contacts = {
        re.sub(r"\D", "", found)
        for text in original_texts
        for found in re.findall(r"\b0\d(?:[ \-]?\d){8}\b", text)
    }
    addresses = {found for text in original_texts for found in re.findall(r"[\w.]+@[\w.]+\w", text)}
    assert contacts
    assert addresses
    for name, text in tracked_texts():
        digits = re.sub(r"[ \-]", "", text)
        assert not [contact for contact in contacts if contact in digits], name
        assert not [address for address in addresses if address in text], name
