"""The choices that are tried out, in blocks that a reader compares: all against the product as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from assistant.answering.looking_up import Retrieves
from assistant.domain import Catalogue, Chunk, Findings, Hit, Language, Ranking, phrased_by
from assistant.indexing.opening import DENSE_WEIGHT
from assistant.retrieval.fusion import fuse_by_rank
from assistant.retrieval.stemming import Steps
from evals.ablations.changing import Ablation, Altered, Legs, Rebuilding
from evals.bench import Bench
from evals.systems import PRODUCT

WEIGHTS = (0.0, 0.3, 0.5, 0.7, 0.9, 1.0)

ChunkChange = Callable[[Chunk], Chunk]


def _weighing(weight: float, bench: Bench, legs: Legs, rebuilding: Rebuilding) -> Retrieves:
    return replace(legs, weight=weight).build()


def _without_adapter(bench: Bench, legs: Legs, rebuilding: Rebuilding) -> Retrieves:
    return replace(legs, adapter=None).build()


def _fusing_by_rank(bench: Bench, legs: Legs, rebuilding: Rebuilding) -> Retrieves:
    return replace(legs, fusing=_by_rank).build()


def _by_rank(dense: Ranking, keywords: Ranking) -> Ranking:
    """Fuse by rank; the best hit gets 1, as scores run from 0 to 1 elsewhere."""
    fused = fuse_by_rank(dense, keywords)
    return tuple(Hit(hit.chunk_id, hit.score / fused[0].score, hit.engine) for hit in fused)


def _phrased(
    keeps: Callable[[str], bool], in_words: Callable[[str], bool], bench: Bench, legs: Legs, made: Rebuilding
) -> Retrieves:
    """Keep some phrasings among the vectors, and some among the words; told by their statement, if any."""

    def fewer(chunk: Chunk) -> Chunk:
        return replace(chunk, phrasings=tuple(one for one in chunk.phrasings if in_words(one.statement_id)))

    phrasings = legs.phrasings.among(lambda id_: keeps(phrased_by(id_)[1]))
    keywords = made.keywords([fewer(chunk) for chunk in legs.chunks.values()])
    return replace(legs, phrasings=phrasings, keywords=keywords).build()


def _stepping(steps: Steps, bench: Bench, legs: Legs, made: Rebuilding) -> Retrieves:
    return replace(legs, keywords=made.keywords(list(legs.chunks.values()), steps)).build()


def _seeking_english_words(bench: Bench, legs: Legs, made: Rebuilding) -> Retrieves:
    return Altered(legs.build(), before=lambda query: replace(query, language=Language.DUTCH))


def _in_context(
    context: Callable[[Chunk, Catalogue], str], bench: Bench, legs: Legs, made: Rebuilding
) -> Retrieves:
    """Give each chunk another context line, among the words and the vectors."""
    catalogue = bench.opened.catalogue
    chunks = [replace(chunk, context=context(chunk, catalogue)) for chunk in legs.chunks.values()]
    return replace(legs, keywords=made.keywords(chunks), vectors=made.vectors(chunks)).build()


def without_line(chunk: Chunk, catalogue: Catalogue) -> str:
    """Return an empty context line for a card; passages of originals keep theirs, to save minutes."""
    return "" if chunk.card_id else chunk.context


def without_names(chunk: Chunk, catalogue: Catalogue) -> str:
    """Return the context line without the other names of the card."""
    aliases = catalogue.cards[chunk.card_id].aliases if chunk.card_id else ()
    return chunk.context.removesuffix(f" ({', '.join(aliases)})")


def _reranking(bench: Bench, legs: Legs, made: Rebuilding) -> Retrieves:
    return replace(legs, reranker=bench.reranker).build()


def _not_asked(findings: Findings) -> Findings:
    return replace(findings, asked={})


def _all(statement_id: str) -> bool:
    return True


def _none(statement_id: str) -> bool:
    return False


def _of_sections(statement_id: str) -> bool:
    return not statement_id


_AS_IT_IS = Ablation(PRODUCT)

FINDING: Mapping[str, tuple[Ablation, ...]] = {
    "fusion": (
        _AS_IT_IS,
        *(
            Ablation(f"weight {weight:g}", partial(_weighing, weight))
            for weight in WEIGHTS
            if weight != DENSE_WEIGHT
        ),
        Ablation("by rank", _fusing_by_rank),
        Ablation("no adapter", _without_adapter),
    ),
    "phrasings": (
        _AS_IT_IS,
        Ablation("no section phrasings", partial(_phrased, bool, bool)),
        Ablation("no statement phrasings", partial(_phrased, _of_sections, _of_sections)),
        Ablation("no phrasings", partial(_phrased, _none, _none)),
        Ablation("phrasings in vectors only", partial(_phrased, _all, _none)),
    ),
    "words": (
        _AS_IT_IS,
        Ablation("no compounds", partial(_stepping, Steps(splits_compounds=False))),
        Ablation("no stems", partial(_stepping, Steps(stems=False))),
        Ablation("words for English", _seeking_english_words),
    ),
    "context": (
        _AS_IT_IS,
        Ablation("no context", partial(_in_context, without_line)),
        Ablation("no names", partial(_in_context, without_names)),
    ),
}
"""What is judged by the sections that are found; the first of each block is the product."""

RERANKING = (_AS_IT_IS, Ablation("cross-encoder", _reranking))
"""Only where the settings name a cross-encoder."""

ANSWERING = (
    _AS_IT_IS,
    Ablation("nothing added", room=0.0),
    Ablation("half the room", room=0.5),
    Ablation("more room", room=1.5),
    Ablation("statements not asked", findings=_not_asked),
)
"""What is judged by the answers."""
