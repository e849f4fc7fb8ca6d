"""What can be wrong with the corpus, as values; ``prompts/corpus.yaml`` has a text for each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import CorpusError


class Fault(StrEnum):
    """The codes of findings; each is a key in ``prompts/corpus.yaml``."""

    UNREADABLE_FILE = "onleesbaar"
    NOT_UTF8 = "geen-utf8"
    LOST_SECTION = "deel-onvindbaar"
    BROKEN_YAML = "geen-yaml"
    MISSING_FIELD = "veld-ontbreekt"
    UNKNOWN_FIELD = "veld-onbekend"
    WRONG_FIELD = "veld-ongeldig"
    REPEATED_ID = "dubbele-id"
    REPEATED_SECTION = "dubbel-deel"

    NO_FRONT_MATTER = "geen-kopblok"
    OPEN_FRONT_MATTER = "open-kopblok"
    OTHER_FOLDER = "andere-map"
    OTHER_FILE = "andere-naam"
    DEAD_LINK = "dode-verwijzing"
    DEAD_PHASE = "dode-fase"
    UNKNOWN_HEADING = "onbekende-kop"
    REPEATED_HEADING = "dubbele-kop"
    EMPTY_HEADING = "lege-kop"
    NO_CORE = "geen-kern"
    STRAY_TEXT = "tekst-voor-kop"
    STRAY_CITATION = "losse-verwijzing"
    NO_CITATION = "geen-verwijzing"
    NO_LEAD = "geen-trefwoord"
    UNKNOWN_SOURCE = "onbekende-bron"
    UNKNOWN_SECTION = "onbekend-deel"
    LONG_PASSAGE = "lange-passage"
    STRAY_PHRASINGS = "losse-formulering"
    UNEVEN_PHRASINGS = "ongelijke-formuleringen"
    STRAY_FILE = "los-bestand"

    SHARED_NAME = "gedeelde-naam"
    SHARED_QUESTION = "gedeelde-vraag"
    QUESTION_COUNT = "aantal-vragen"
    SHARED_STATEMENT = "gedeelde-uitspraak"
    LONG_STATEMENT = "lange-uitspraak"
    UNRELATED_CARD = "losse-kaart"

    UNSUPPORTED = "zonder-steun"
    UNPROVED_FIGURE = "cijfer-ontbreekt"
    OTHER_SECTION = "ander-deel"
    LOST_PASSAGE = "passage-onvindbaar"


_WARNINGS = frozenset(
    {Fault.SHARED_STATEMENT, Fault.LONG_STATEMENT, Fault.UNRELATED_CARD, Fault.OTHER_SECTION}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a curator should look at: where it is, which it is, and what its text needs."""

    file: str
    """The path within the corpus folder."""
    line: int
    """Counted from 1."""
    code: Fault
    details: Mapping[str, str]

    @property
    def is_error(self) -> bool:
        """Whether the corpus may not be published as it is."""
        return self.code not in _WARNINGS


def finding_of(error: CorpusError, file: str) -> Finding:
    """Return the finding that an error of reading ``file`` amounts to."""
    fault = Fault(error.details["fault"])
    details = {name: text for name, text in error.details.items() if name not in {"file", "line", "fault"}}
    return Finding(file, int(error.details["line"]), fault, details)
