"""An answer under way: its claims in reading order, and what they already say."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from assistant.answering.shelf import Shelf, sources_of
from assistant.domain import CardSection, Claim, ClaimForm, Statement

SAME = 0.6
"""Statements that share this much of their stems say the same."""

SAID = 0.75
"""A statement of which this share, by rarity, was said here and there adds nothing."""


def leads_a_list(section: CardSection, statement: Statement) -> bool:
    """Return whether items follow a statement of a section: neither says much without the other."""
    after = section.statements[section.statements.index(statement) + 1 :][:1]
    return not statement.is_item and any(following.is_item for following in after)


class Draft:
    """Takes statements as claims, once each, and only from ``sources`` (all where that is empty)."""

    def __init__(self, shelf: Shelf, sources: frozenset[str]) -> None:
        self._shelf = shelf
        self._sources = sources
        self.claims: list[Claim] = []
        self.said: list[Statement] = []

    @property
    def words(self) -> int:
        """How long the answer is so far."""
        return sum(len(claim.text.split()) for claim in self.claims)

    def add_paragraph(self, statements: Iterable[Statement]) -> None:
        """Add statements as a paragraph, without those that say again what was said."""
        form = ClaimForm.PARAGRAPH
        for statement in statements:
            if self.is_new(statement, ()):
                self._append(statement, form)
                form = ClaimForm.SENTENCE

    def add_section(self, section: CardSection) -> None:
        """Add a section whole: its sentences as paragraphs, its items as a complete list."""
        item = ClaimForm.NUMBERED if section.is_ordered else ClaimForm.BULLET
        for is_item, some in groupby(section.statements, key=lambda statement: statement.is_item):
            statements = [statement for statement in some if statement not in self.said]
            if is_item:
                for statement in statements:
                    self._append(statement, item)
            elif statements and leads_a_list(section, statements[-1]):
                self.add_paragraph(statements[:-1])
                self._append(statements[-1], ClaimForm.PARAGRAPH)
            else:
                self.add_paragraph(statements)

    def add_some(self, statements: Iterable[Statement]) -> None:
        """Add statements of one section: items as bullets, the others as a paragraph.

        Items right behind the list of another section become a paragraph, so as not to lengthen that list.
        """
        for is_item, some in groupby(statements, key=lambda statement: statement.is_item):
            if is_item and not self._ends_with_item():
                for statement in some:
                    self._append(statement, ClaimForm.BULLET)
            else:
                self.add_paragraph(some)

    def admits(self, statement: Statement) -> bool:
        """Return whether a statement rests on one of the sources that may be used."""
        return not self._sources or not self._sources.isdisjoint(sources_of(statement))

    def is_new(self, statement: Statement, others: Iterable[Statement]) -> bool:
        """Return whether neither the answer nor ``others`` say a statement yet, one by one or together."""
        said = (*self.said, *others)
        is_like_none = all(self._shelf.likeness(statement, one) < SAME for one in said)
        return is_like_none and self._shelf.repeated(statement, said) < SAID

    def quote(self, claim: Claim) -> None:
        """Add the words of an original."""
        self.claims.append(claim)

    def _ends_with_item(self) -> bool:
        return bool(self.claims) and self.claims[-1].form in (ClaimForm.BULLET, ClaimForm.NUMBERED)

    def _append(self, statement: Statement, form: ClaimForm) -> None:
        if self.admits(statement):
            self.said.append(statement)
            self.claims.append(Claim(statement.text, (statement.id,), form))
