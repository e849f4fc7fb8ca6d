"""The corpus as it lies there, for whoever curates it."""

from __future__ import annotations

from assistant.corpus.coverage import Coverage
from assistant.domain import Catalogue
from assistant.indexing.building import Inputs
from assistant.indexing.inspecting import Inspection, inspect_corpus, measure, read_catalogue
from assistant.settings import Settings


def check_corpus(settings: Settings) -> Inspection:
    """Check bibliography, cards and evidence; return all findings at once."""
    return inspect_corpus(Inputs(settings.corpus, settings.originals_folder))


def read_corpus(settings: Settings) -> Catalogue:
    """Read bibliography and cards as they lie there; raise ``CorpusError`` where a file is wrong."""
    return read_catalogue(Inputs(settings.corpus, None))


def measure_coverage(settings: Settings) -> Coverage:
    """Measure which sections of the sources the cards carry."""
    return measure(Inputs(settings.corpus, None))
