"""An answer's claims: worded by a chat model if there is one, by the composer otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answering.citations import CitationCheck
from assistant.answering.composing import Composer
from assistant.answering.generating import Lapse, ModelLapsed
from assistant.answering.offering import Offered, offer
from assistant.answering.prompts import Texts
from assistant.answering.selecting import Selection
from assistant.answering.shelf import Shelf
from assistant.domain import CheckedClaim, Claim, ClaimForm, Findings, Language, ModelInUse, Query


class Generates(Protocol):
    """Words answers with a chat model."""

    @property
    def in_use(self) -> ModelInUse:
        """The model, and where what it gets is sent."""
        ...

    def generate(self, question: str, offered: Sequence[Offered]) -> Iterator[Claim]:
        """Yield claims as they are complete; raise ``ModelLapsed`` where the answer breaks off."""
        ...


class Writer:
    """Writes answers from one shelf."""

    def __init__(self, shelf: Shelf, check: CitationCheck, texts: Texts, generator: Generates | None) -> None:
        self.shelf = shelf
        self.check = check
        self.texts = texts
        self.generator = generator
        self.composer = Composer(shelf)

    def write(self, query: Query, found: Sequence[tuple[Query, Findings]]) -> Writing:
        """Return the answer to a query, still to be written: iterating over it does that.

        ``found`` has what was found for the query, or for each of the questions that it consists of.
        """
        return Writing(self, query, found)


class Writing:
    """One answer under way: the claims that passed the check, and what became of the model's others.

    English questions are for the composer: whether English words say what a Dutch statement says
    can't be seen from the words.
    """

    def __init__(self, writer: Writer, query: Query, found: Sequence[tuple[Query, Findings]]) -> None:
        self._writer = writer
        self._query = query
        self._found = found
        self._generator = writer.generator if query.reply_language is Language.DUTCH else None
        self._generated: list[CheckedClaim] = []
        self._lapse: Lapse | None = None
        self.claims: list[CheckedClaim] = []
        self.withheld = 0
        """Sentences of the model that the check kept from the reader."""

    def __iter__(self) -> Iterator[CheckedClaim]:
        """Yield each claim as it passes the check."""
        for checked in self._writer.check.check(self._propose()):
            self.claims.append(checked)
            yield checked

    @property
    def engine(self) -> str:
        """What wrote the claims: a model by its name, the composer, or both."""
        composer = self._writer.composer.engine
        if self._generator is None or not self._generated:
            return composer
        name = self._generator.in_use.name
        return f"{name}+{composer}" if len(self.claims) > len(self._generated) else name

    @property
    def lapse(self) -> Lapse | None:
        """Why the composer had to stand in for the model."""
        return self._lapse

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must know of how the answer came about."""
        texts = self._writer.texts
        told = []
        if self._lapse is not None:
            told.append(texts.render(f"lapse_{self._lapse}"))
            told.append(texts.render("lapse_completed" if self._generated else "lapse_replaced"))
        if self.withheld:
            told.append(
                texts.render("withheld_one" if self.withheld == 1 else "withheld", count=self.withheld)
            )
        return (" ".join(told),) if told else ()

    def _propose(self) -> Iterator[Claim]:
        composed = self._compose()
        if self._generator is None or not composed:
            yield from composed
            return
        yield from self._generate(self._generator, composed)
        if self._lapse is not None:
            yield from _begin_paragraph(self._not_yet_said(composed))

    def _compose(self) -> tuple[Claim, ...]:
        """Return what the composer says, question by question, without saying anything twice."""
        composed: dict[str, Claim] = {}
        for query, findings in self._found:
            claims = self._writer.composer.compose(query, findings)
            new = [claim for claim in claims if claim.text not in composed]
            composed.update((claim.text, claim) for claim in _begin_paragraph(new))
        return tuple(composed.values())

    def _generate(self, generator: Generates, composed: Sequence[Claim]) -> Iterator[Claim]:
        """Yield what the model writes, each once, and find out why it isn't enough if it isn't."""
        selections = [Selection(self._writer.shelf, query, findings) for query, findings in self._found]
        texts: set[str] = set()
        is_cited = False
        try:
            for claim in generator.generate(self._query.text, offer(composed, selections)):
                if claim.text not in texts:
                    texts.add(claim.text)
                    is_cited |= bool(claim.cites)
                    yield claim
                    # The check asks for the next claim only after this one was passed on or withheld.
                    self._generated = list(self.claims)
                    self.withheld = len(texts) - len(self.claims)
        except ModelLapsed as error:
            self._lapse = error.lapse
        else:
            self._lapse = self._shortcoming(has_text=bool(texts), is_cited=is_cited)

    def _shortcoming(self, *, has_text: bool, is_cited: bool) -> Lapse | None:
        """Return why a whole answer isn't enough: more of it was withheld than passed the check."""
        if not has_text:
            return Lapse.EMPTY
        if not is_cited:
            return Lapse.UNCITED
        return Lapse.UNSUPPORTED if self.withheld > len(self._generated) else None

    def _not_yet_said(self, composed: Sequence[Claim]) -> list[Claim]:
        said = {cited for checked in self._generated for cited in checked.claim.cites}
        return [claim for claim in composed if said.isdisjoint(claim.cites)]


def _begin_paragraph(claims: Sequence[Claim]) -> Iterator[Claim]:
    for position, claim in enumerate(claims):
        opens = position == 0 and claim.form is ClaimForm.SENTENCE
        yield replace(claim, form=ClaimForm.PARAGRAPH) if opens else claim
