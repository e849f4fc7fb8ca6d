"""An answer as the text of one chat message, piece by piece, so that a stream says what the whole says.

Dutch claims are passed on as they come. What the assistant says around them it only knows at the end, so
that comes after them. An English answer opens with a sentence that must come first; its claims are the
composer's, which are there all at once, and wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.prompts import Texts
from assistant.answering.rendering import inert, render_claim, render_claims
from assistant.domain import Answer, CheckedClaim, Event, Evidence, Language, PassagesFound, Refusal, Source

_APART = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text, and the claim that it makes, if it makes one."""

    content: str
    claim: CheckedClaim | None = None


class CompletionTexts:
    """Tells answers in the words of ``prompts/completions.yaml``."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def tell(
        self, events: Iterable[Event], sources: Mapping[str, Source]
    ) -> Iterator[Piece | Answer | Refusal]:
        """Yield the pieces of the text, which joined are the message, and last how the question ended."""
        told: list[CheckedClaim] = []
        is_held = False
        for event in events:
            match event:
                case PassagesFound():
                    is_held = event.language is not Language.DUTCH
                case CheckedClaim() if not is_held:
                    told.append(event)
                    yield Piece(_newest(told), event)
                case Answer():
                    yield from _surround(event, told) if told else _cut(event)
                    yield from self._list_sources(event, sources)
                    yield event
                case Refusal():
                    yield Piece(_APART * bool(told) + event.markdown)
                    yield event

    def without_sources(self, content: str) -> str:
        """Return an earlier answer without the sources under it, which would read as a part of it."""
        for language in Language:
            content = content.partition(f"{_APART}{self._heading(language)}{_APART}")[0]
        return content

    def _list_sources(self, answer: Answer, sources: Mapping[str, Source]) -> Iterator[Piece]:
        places: dict[tuple[str, str, int | None], dict[int, Evidence]] = {}
        for citation in answer.citations:
            evidence = citation.evidence
            place = (evidence.source_id, evidence.section, evidence.page)
            places.setdefault(place, {})[citation.number] = evidence
        if places:
            language = answer.query.reply_language
            lines = [self._place(numbered, sources, language) for numbered in places.values()]
            yield Piece(_APART.join(["", self._heading(language), "\n".join(lines)]))

    def _place(
        self, numbered: Mapping[int, Evidence], sources: Mapping[str, Source], language: Language
    ) -> str:
        evidence = next(iter(numbered.values()))
        source = evidence.own or sources[evidence.source_id]
        marks = " ".join(f"[{number}]" for number in numbered)
        place = {"marks": marks, "label": inert(source.label), "section": inert(evidence.section)}
        if evidence.own is None:
            return self._texts.render("place", **place)
        page = self._texts.render(f"page_{language}", page=evidence.page) if evidence.page else ""
        return self._texts.render(f"own_place_{language}", **place, page=page)

    def _heading(self, language: Language) -> str:
        return self._texts.render(f"sources_{language}")


def _newest(told: Sequence[CheckedClaim]) -> str:
    """Return what the last claim adds to the text of those before it."""
    return render_claims(told)[len(render_claims(told[:-1])) :]


def _surround(answer: Answer, told: Sequence[CheckedClaim]) -> Iterator[Piece]:
    """Yield what an answer says before and after its claims, and of how it came about."""
    before, _, after = answer.markdown.partition(render_claims(told))
    remarks = [remark.strip() for remark in (before, after, *answer.notices) if remark.strip()]
    if remarks:
        yield Piece(_APART.join(["", *remarks]))


def _cut(answer: Answer) -> Iterator[Piece]:
    """Yield an answer as it stands, cut behind each of its claims."""
    start = 0
    for checked in answer.claims:
        end = answer.markdown.index(text := render_claim(checked), start) + len(text)
        yield Piece(answer.markdown[start:end], checked)
        start = end
    rest = _APART.join([answer.markdown[start:], *answer.notices])
    if rest:
        yield Piece(rest)
