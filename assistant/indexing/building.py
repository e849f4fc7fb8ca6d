"""Builds a version of the index: manifest → read → clean → chunk → embed → publish."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.corpus.cards import read_cards
from assistant.corpus.checking import require_support
from assistant.corpus.chunking import split_cards, split_document
from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.documents import build_document
from assistant.corpus.evidence import link_statements
from assistant.corpus.manifest import Manifest, read_headings, read_manifest, read_unanswered
from assistant.corpus.readers import read_original
from assistant.domain import Card, Catalogue, Chunk, Document, Progress, phrasing_id
from assistant.errors import IndexUnavailable, VectorsUnavailable
from assistant.indexing.adapting import learn_from_cards
from assistant.indexing.contents import (
    ADAPTER,
    KEYWORDS,
    PHRASINGS,
    STATEMENTS,
    UNANSWERED,
    VECTORS,
    write_contents,
)
from assistant.indexing.probing import (
    Meanwhile,
    Probe,
    describe_packages,
    forget_probes,
    nothing,
    write_probe,
)
from assistant.indexing.space import require_space, telling_of_space
from assistant.indexing.versions import FORMAT, IndexFolder, MadeFrom, sha256_of, version_of
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.keyword_index import write_keyword_index
from assistant.retrieval.sentence_index import write_sentence_index
from assistant.retrieval.vector_index import write_vector_index
from assistant.retrieval.vectors import (
    Kind,
    KnownVectors,
    VectorCache,
    embed_with_known,
    known_vectors,
    read_vectors,
    write_vectors,
)

if TYPE_CHECKING:
    from assistant.retrieval.vector_server import VectorServer

UNANSWERED_FILE = "unanswered.yaml"
KNOWN_VECTORS = "known-vectors"
"""The folder beside the versions with the vectors of the last build."""

OnProgress = Callable[[Progress], None]

CHUNKS = "chunks"
_KINDS = {CHUNKS: Kind.PASSAGE, STATEMENTS: Kind.PASSAGE, PHRASINGS: Kind.QUERY, UNANSWERED: Kind.QUERY}

_BYTES_A_TEXT, _BYTES_A_CHUNK, _MARGIN = 128, 12_000, 4_000_000
"""What a text and a chunk take on disk beside their vectors, and what is kept free."""

_Texts = Mapping[str, Mapping[str, str]]
"""What is embedded, by the file that the vectors go to, and by id."""
_Vectors = Mapping[str, NDArray[np.float32]]
"""The vectors of those texts, in their order."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that an index is made from."""

    corpus: Path
    originals: Path | None
    """The folder with original texts, or ``None`` to build from the cards alone."""

    def fingerprint(self, engine: str, model: str) -> str:
        """Return a digest that changes whenever a build would give another index."""
        digest = hashlib.sha256(f"{FORMAT}\n{engine}\n{model}\n".encode())
        for path in self._files():
            digest.update(f"{path.name}\n{sha256_of(path)}\n".encode())
        return digest.hexdigest()

    def shipped_vectors(self, engine: str) -> Path:
        """Return where the vectors of the shipped cards lie for an engine."""
        return self.corpus / "vectors" / f"{engine}.npz"

    @property
    def adapter(self) -> Path:
        """Where the adapter lies that was learned from the shipped cards."""
        return self.corpus / "vectors" / ADAPTER

    def _files(self) -> list[Path]:
        cards = sorted((self.corpus / "cards").rglob("*.md"))
        phrasings = sorted((self.corpus / "phrasings").rglob("*.yaml"))
        originals = sorted(self.originals.glob("*.txt")) if self.originals else []
        lists = [self.corpus / name for name in ("sources.yaml", "headings.yaml", UNANSWERED_FILE)]
        return [*(path for path in (*lists, self.adapter) if path.is_file()), *cards, *phrasings, *originals]


def read_corpus(inputs: Inputs) -> tuple[Catalogue, tuple[Chunk, ...]]:
    """Read, clean and chunk all inputs; raise ``CorpusError`` where a file is wrong.

    A statement that the originals don't support is wrong too.
    """
    manifest = read_manifest(inputs.corpus / "sources.yaml")
    cards = read_cards(inputs.corpus / "cards", manifest, read_headings(inputs.corpus / "headings.yaml"))
    documents = read_documents(inputs, manifest)
    catalogue = assemble(manifest, cards, documents)
    require_support(catalogue)
    chunks = [*split_cards(cards, manifest)]
    for entry in manifest.sources:
        if entry.source.id in documents:
            skipped = [mark.title for mark in entry.marks if not mark.indexed]
            chunks.extend(split_document(documents[entry.source.id], entry.source, skipped))
    return catalogue, tuple(chunks)


def assemble(manifest: Manifest, cards: tuple[Card, ...], documents: dict[str, Document]) -> Catalogue:
    """Join what was read, and link each statement to what supports it."""
    return Catalogue(
        sources={entry.source.id: entry.source for entry in manifest.sources},
        cards={card.id: card for card in cards},
        documents=documents,
        evidence=link_statements(cards, documents),
    )


def read_documents(inputs: Inputs, manifest: Manifest) -> dict[str, Document]:
    """Read and clean the originals that are present; raise ``UnreadableOriginal`` where one is wrong."""
    if inputs.originals is None:
        return {}
    read = {entry: read_original(inputs.originals, entry.source.id) for entry in manifest.sources}
    originals = {entry: text for entry, text in read.items() if text is not None}
    vocabulary = Vocabulary(originals.values())
    return {entry.source.id: build_document(entry, text, vocabulary) for entry, text in originals.items()}


def build(  # noqa: PLR0913, PLR0917 - what a build is made from and with has a name each
    inputs: Inputs,
    folder: IndexFolder,
    embedder: Embedder,
    on_progress: OnProgress,
    patience: float = 0,
    server: VectorServer | None = None,
    meanwhile: Meanwhile = nothing,
) -> str:
    """Build and publish a version, unless a whole one is made from these inputs; return its name.

    ``meanwhile`` is called while another process probes what was built.

    With a ``server``, the vectors of its passages are there before it answers, or it isn't published.
    Raises ``IndexBusy`` when another process builds for longer than ``patience`` seconds, ``CorpusError``
    when a file is wrong, ``DiskFull`` when there is no room, ``IndexDamaged`` when what was written doesn't
    answer as it must. Vectors are kept batch by batch, so that a build that was killed goes on where it was.
    """
    fingerprint = inputs.fingerprint(embedder.engine, embedder.model)
    with telling_of_space(folder.path, _MARGIN), folder.building(patience):
        if (version := _made_before(folder, fingerprint, server)) is None:
            with Probe() as probe:
                check = partial(probe.check, meanwhile=meanwhile)
                version = _build(inputs, folder, embedder, on_progress, fingerprint, check, server)
        folder.prune()
        forget_probes(folder)
        return version


def _made_before(folder: IndexFolder, fingerprint: str, server: VectorServer | None) -> str | None:
    """Return a whole version with this fingerprint, which answers from now on; ``None`` if there is none."""
    for version in folder.candidates():
        if is_made_from(folder, version, fingerprint) and holds_vectors(folder, version, server):
            if version != folder.current():
                folder.point_to(version)
            return version
    return None


def _build(  # noqa: PLR0913, PLR0917 - what a build is made from and with has a name each
    inputs: Inputs,
    folder: IndexFolder,
    embedder: Embedder,
    on_progress: OnProgress,
    fingerprint: str,
    check: Callable[[Path], None],
    server: VectorServer | None,
) -> str:
    catalogue, chunks = read_corpus(inputs)
    texts = _texts_of(inputs, catalogue, chunks)
    needed = _space_for(texts, chunks, embedder.dimension)
    require_space(folder.path, needed)
    cache = VectorCache(folder.path / KNOWN_VECTORS)
    with telling_of_space(folder.path, needed):
        known = [*_shipped(inputs, embedder), *cache.read()]
        vectors = _embed(texts, embedder, known, cache.save, on_progress)
        cache.replace(_known(texts, embedder, vectors))
        with _unfinished(folder, fingerprint) as unfinished, telling_of_space(folder.path, needed):
            write_contents(unfinished, catalogue, chunks)
            write_keyword_index(unfinished / KEYWORDS, chunks)
            write_vector_index(unfinished / VECTORS, chunks, vectors[CHUNKS])
            for file in (STATEMENTS, PHRASINGS, UNANSWERED):
                write_sentence_index(unfinished / file, list(texts[file]), vectors[file])
            _copy_adapter(inputs, embedder, unfinished)
            write_probe(unfinished, chunks, vectors[CHUNKS])
            check(unfinished)
            if server is not None:
                server.write(version_of(unfinished), chunks, vectors[CHUNKS])
            made = MadeFrom(fingerprint, embedder.engine, embedder.model, embedder.dimension, len(chunks))
            return folder.publish(unfinished, made, describe_packages())


@contextmanager
def _unfinished(folder: IndexFolder, fingerprint: str) -> Iterator[Path]:
    """Give a fresh folder for a version, and remove what is left of it when it isn't published."""
    unfinished = folder.begin(fingerprint)
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _space_for(texts: _Texts, chunks: Sequence[Chunk], dimension: int) -> int:
    """Return how many bytes a build writes at most, its own vectors and a margin included."""
    count = sum(map(len, texts.values()))
    written = sum(len(text.encode()) for of_kind in texts.values() for text in of_kind.values())
    sentences = 2 * count * (2 * dimension + _BYTES_A_TEXT)  # In the version, and as known vectors.
    return sentences + len(chunks) * (12 * dimension + _BYTES_A_CHUNK) + 4 * written + _MARGIN


def write_shipped_vectors(inputs: Inputs, embedder: Embedder, on_progress: OnProgress) -> Path:
    """Embed the cards, write the vectors to ship with them, and learn the adapter; return the folder."""
    catalogue, chunks = read_corpus(Inputs(inputs.corpus, None))
    texts = _texts_of(inputs, catalogue, chunks)
    vectors = _embed(texts, embedder, _shipped(inputs, embedder), None, on_progress)
    path = inputs.shipped_vectors(embedder.engine)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_vectors(path, _known(texts, embedder, vectors))
    model = Path(embedder.model).name
    matrix = learn_from_cards(
        catalogue,
        chunks,
        asked=vectors[PHRASINGS],
        unanswered=vectors[UNANSWERED],
        sections=vectors[CHUNKS],
        statements=vectors[STATEMENTS],
    )
    QueryAdapter(model, matrix).write(inputs.adapter)
    return path.parent


def _texts_of(inputs: Inputs, catalogue: Catalogue, chunks: tuple[Chunk, ...]) -> _Texts:
    return {
        CHUNKS: {chunk.id: chunk.indexed_text for chunk in chunks},
        STATEMENTS: _statements_of(catalogue),
        PHRASINGS: _phrasings_of(chunks),
        UNANSWERED: _unanswered_of(inputs),
    }


def _statements_of(catalogue: Catalogue) -> dict[str, str]:
    """Return each statement behind its card's title, by its id."""
    return {
        statement.id: f"{card.title}: {statement.plain}"
        for card in catalogue.cards.values()
        for statement in card.statements
    }


def _phrasings_of(chunks: tuple[Chunk, ...]) -> dict[str, str]:
    """Return each phrasing by an id that names its chunk, and its statement if it asks for one."""
    return {
        phrasing_id(chunk.id, number, phrasing.statement_id): phrasing.text
        for chunk in chunks
        for number, phrasing in enumerate(chunk.phrasings, start=1)
    }


def _unanswered_of(inputs: Inputs) -> dict[str, str]:
    """Return each question that the texts don't answer, by what is missing and a number."""
    return {
        f"{missing}~{number}": question
        for missing, questions in read_unanswered(inputs.corpus / UNANSWERED_FILE).items()
        for number, question in enumerate(questions, start=1)
    }


def _shipped(inputs: Inputs, embedder: Embedder) -> list[KnownVectors]:
    path = inputs.shipped_vectors(embedder.engine)
    return [read_vectors(path)] if path.is_file() else []


def _copy_adapter(inputs: Inputs, embedder: Embedder, folder: Path) -> None:
    """Put the adapter into a version, if there is one for the model that makes it."""
    if inputs.adapter.is_file() and (adapter := QueryAdapter.read(inputs.adapter)).fits(embedder.model):
        adapter.write(folder / ADAPTER)


def _embed(
    texts: _Texts,
    embedder: Embedder,
    known: Sequence[KnownVectors],
    save: Callable[[KnownVectors], None] | None,
    on_progress: OnProgress,
) -> _Vectors:
    """Return the vectors of all texts; what was embedded before isn't embedded again."""
    total = sum(map(len, texts.values()))
    vectors: dict[str, NDArray[np.float32]] = {}
    for file, kind in _KINDS.items():
        before = sum(map(len, vectors.values()))
        count = _counted(on_progress, before, total)
        vectors[file] = embed_with_known(embedder, list(texts[file].values()), known, save, count, kind=kind)
    return vectors


def _known(texts: _Texts, embedder: Embedder, vectors: _Vectors) -> KnownVectors:
    parts = [
        known_vectors(embedder, list(texts[file].values()), vectors[file], kind)
        for file, kind in _KINDS.items()
    ]
    return reduce(KnownVectors.join, parts)


def _counted(on_progress: OnProgress, before: int, total: int) -> Callable[[int, int], None]:
    return lambda done, _: on_progress(Progress(before + done, total))


def holds_vectors(folder: IndexFolder, version: str, server: VectorServer | None) -> bool:
    """Return whether the vectors of a version are on the server, if there is one.

    While that is away nothing can be done about it, and the version's own files answer.
    """
    try:
        return server is None or server.holds(version, folder.manifest(version).made_from.chunks)
    except VectorsUnavailable:
        return True


def is_made_from(folder: IndexFolder, version: str, fingerprint: str) -> bool:
    """Return whether a version is whole and was made from inputs with this fingerprint."""
    try:
        return folder.verify(version).fingerprint == fingerprint
    except IndexUnavailable:
        return False
