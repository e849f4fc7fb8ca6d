"""Stand-ins for what a test can't bring about with the real parts: chosen events, and faults halfway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.domain import (
    Answer,
    Card,
    CardKind,
    CardSection,
    Catalogue,
    CheckedClaim,
    Chunk,
    Citation,
    Claim,
    Document,
    DocumentSection,
    Event,
    Evidence,
    Intent,
    Language,
    OffsetRun,
    Passage,
    PassagesFound,
    Query,
    Question,
    Reference,
    Refusal,
    RefusalReason,
    SectionRole,
    Source,
    Span,
    Statement,
    Status,
    Support,
    Timing,
)

Script = Sequence[Event | Exception]
"""What one question gets: events in order; an exception is raised where it stands."""

TEXT = "Vertrouwen groeit traag. 🙂 Het verdwijnt snel."
QUESTION = Question("Hoe groeit vertrouwen?")
QUERY = Query("Hoe groeit vertrouwen?", Language.DUTCH, Intent.HOW_TO)


class FakeAssistant:
    """Plays its scripts one after another, and the last one for ever."""

    def __init__(
        self, *scripts: Script, catalogue: Catalogue | Exception | None = None, status: Status | None = None
    ) -> None:
        self._scripts = list(scripts) or [an_answer()]
        self._catalogue = catalogue or a_catalogue()
        self._status = status or Status("v1", 1, ("met-tekst",), None)
        self.questions: list[Question] = []
        self.closed = 0

    def ask(self, question: Question) -> Iterator[Event]:
        """Note the question and play the next script."""
        self.questions.append(question)
        return self._play(self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0])

    def search(self, question: Question, limit: int) -> tuple[Passage, ...]:
        """Note the question and return the passages of the next script, no more than ``limit``."""
        return next(one for one in self.ask(question) if isinstance(one, PassagesFound)).passages[:limit]

    @property
    def catalogue(self) -> Catalogue:
        """Return the catalogue, or raise what was given in its place."""
        if isinstance(self._catalogue, Exception):
            raise self._catalogue
        return self._catalogue

    def status(self) -> Status:
        """Return the status that was given."""
        return self._status

    def _play(self, script: Script) -> Iterator[Event]:
        try:
            for event in script:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.closed += 1


def an_answer() -> list[Event]:
    """Return the events of an answer of two claims: one quoted, one that rests on a card."""
    quoted = Citation(1, Evidence("met-tekst", "Groei", TEXT[:24], Span(0, 24), "vertrouwen"), Support.QUOTED)
    carded = Citation(
        2,
        Evidence("zonder-tekst", "Verlies", "Wie het schaadt, verliest het.", None, "vertrouwen"),
        Support.SUPPORTED,
    )
    claims = (
        CheckedClaim(Claim("Vertrouwen groeit langzaam.", ("vertrouwen#1",)), (quoted,)),
        CheckedClaim(Claim("Het gaat snel verloren.", ("vertrouwen#2",)), (carded,)),
    )
    answer = Answer(
        "a1",
        QUESTION,
        QUERY,
        "Vertrouwen groeit langzaam. [1] Het gaat snel verloren. [2]",
        claims,
        (quoted, carded),
        ("Hoe herstel je vertrouwen?",),
        "composer",
        0.9,
        (Timing("retrieving", 3.25), Timing("total", 7.5)),
    )
    return [found(2), *claims, answer]


def a_refusal() -> list[Event]:
    """Return the events of a question that the sources don't answer."""
    refusal = Refusal(
        "r1",
        QUESTION,
        QUERY,
        "Dit staat niet in de bronnen.",
        RefusalReason.NOT_IN_SOURCES,
        ("Wat is vertrouwen?",),
        "composer",
        0.2,
    )
    return [found(0), refusal]


def found(count: int) -> PassagesFound:
    """Return ``count`` passages, best first."""
    return PassagesFound(tuple(_passage(number) for number in range(count)))


def a_catalogue() -> Catalogue:
    """Return two sources, one with its text, and one card."""
    statement = Statement(
        "vertrouwen#1", "Vertrouwen groeit langzaam.", None, False, (Reference("met-tekst", "Groei"),), 12
    )
    card = Card(
        "vertrouwen",
        CardKind.CONCEPT,
        "Vertrouwen",
        ("relationeel vertrouwen",),
        None,
        (),
        ("Wat is vertrouwen?",),
        (CardSection("Kern", SectionRole.DEFINITION, False, (statement,)),),
    )
    document = Document(
        "met-tekst", TEXT, (DocumentSection("Groei", Span(0, len(TEXT))),), (OffsetRun(0, 0, len(TEXT)),)
    )
    return Catalogue(
        {"met-tekst": _source("met-tekst", "Groei"), "zonder-tekst": _source("zonder-tekst", "Verlies")},
        {card.id: card},
        {document.source_id: document},
        {},
    )


def _source(name: str, section: str) -> Source:
    return Source(name, ("A. Auteur",), 2020, f"Titel {name}", "Blad", "nl", "©", "Auteur 2020", (section,))


def _passage(number: int) -> Passage:
    chunk = Chunk(
        f"c{number}",
        f"Passage {number}",
        "Auteur 2020, Groei",
        "bron",
        "Groei",
        ("met-tekst",),
        None,
        Span(0, 24),
    )
    return Passage(chunk, 0.9 - number / 10)
