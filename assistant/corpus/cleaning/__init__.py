"""Cleaning an original: a chain of small steps, each of which gives its reason as a ``Repair``."""

from assistant.corpus.cleaning.chain import Cleaned, Layout, clean
from assistant.corpus.cleaning.tracked import Repair
from assistant.corpus.cleaning.vocabulary import Vocabulary

__all__ = ["Cleaned", "Layout", "Repair", "Vocabulary", "clean"]
