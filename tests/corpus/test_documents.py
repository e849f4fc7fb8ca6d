"""Documents and their sections."""

from __future__ import annotations

import pytest

from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.documents import build_document
from assistant.corpus.manifest import Manifest
from assistant.errors import UnreadableOriginal
from tests.corpus.examples import ORIGINAL


def test_sections_follow_each_other_without_a_gap(manifest: Manifest, vocabulary: Vocabulary) -> None:
    document = build_document(manifest.sources[0], ORIGINAL, vocabulary)
    assert [section.title for section in document.sections] == ["Inleiding", "Pijlers: de basis", "Noten"]
    spans = [section.span for section in document.sections]
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert spans[-1].end == len(document.text)


def test_a_section_begins_at_its_mark(manifest: Manifest, vocabulary: Vocabulary) -> None:
    document = build_document(manifest.sources[0], ORIGINAL, vocabulary)
    starts = [document.text[section.span.start :][:12] for section in document.sections]
    assert starts == ["Bruggen verb", "Pijlers: de ", "Noten\n\n1. Di"]


def test_the_origin_leads_back_to_the_file(manifest: Manifest, vocabulary: Vocabulary) -> None:
    document = build_document(manifest.sources[0], ORIGINAL, vocabulary)
    for run in document.origin:
        cleaned = document.text[run.cleaned : run.cleaned + run.length]
        assert cleaned == ORIGINAL[run.original : run.original + run.length]


def test_a_section_that_is_not_there_is_named(manifest: Manifest, vocabulary: Vocabulary) -> None:
    with pytest.raises(UnreadableOriginal, match="Pijlers: de basis"):
        build_document(manifest.sources[0], "Bruggen verbinden.\n\nNoten\n", vocabulary)
