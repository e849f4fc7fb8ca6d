"""Citations of a whole document: evidence numbered in order of first use, one number for one place."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence

from assistant.domain import Catalogue, Citation, Evidence, Report, Support, statements_in

_Place = tuple[str, str, str]


class Citing:
    """Numbers the evidence of the statements that a document cites, as it cites them."""

    def __init__(self, catalogue: Catalogue, *values: object) -> None:
        frozen = (value.evidence for value in values if isinstance(value, Report))
        self._known: ChainMap[str, tuple[Evidence, ...]] = ChainMap(
            *map(dict, frozen), dict(catalogue.evidence)
        )
        self._numbered: dict[_Place, Citation] = {}

    @classmethod
    def of(cls, catalogue: Catalogue, *values: object) -> Citing:
        """Return the numbers of all that reports or briefs cite, in the order of their fields.

        So the page, the Word file, the Markdown and the API have the same numbers, in whatever order
        a template shows them. A report rests on what was known when its check was closed.
        """
        citing = cls(catalogue, *values)
        for statement in statements_in(values):
            citing.cite([statement])
        return citing

    def cite(self, statements: Sequence[str]) -> tuple[Citation, ...]:
        """Return the citations of statements, each once; ``KeyError`` if one is unknown or unproved."""
        found = [evidence for statement in statements for evidence in self._evidence(statement)]
        return tuple(dict.fromkeys(self._number(evidence) for evidence in found))

    def marks(self, statements: Sequence[str]) -> str:
        """Return the marks of statements: "[1][2]"; nothing for none."""
        return "".join(f"[{citation.number}]" for citation in self.cite(statements))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, in order of their numbers."""
        return tuple(self._numbered.values())

    def _evidence(self, statement: str) -> tuple[Evidence, ...]:
        evidence = self._known.get(statement, ())
        if not evidence:
            raise KeyError(statement)
        return evidence

    def _number(self, evidence: Evidence) -> Citation:
        place = (evidence.source_id, evidence.section, evidence.quote)
        new = Citation(len(self._numbered) + 1, evidence, Support.SUPPORTED)
        return self._numbered.setdefault(place, new)
