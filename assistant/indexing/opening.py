"""Opens a published version for asking: the newest that is whole, or what can be used of a damaged one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.domain import Catalogue, Chunk, Degraded
from assistant.errors import AssistantError, DiskFull, IndexMismatch, IndexUnavailable
from assistant.indexing.contents import (
    ADAPTER,
    KEYWORDS,
    PHRASINGS,
    STATEMENTS,
    UNANSWERED,
    VECTORS,
    read_catalogue,
    read_chunks,
)
from assistant.indexing.manifest import Manifest, check_file
from assistant.indexing.probing import ensure_probed
from assistant.indexing.space import telling_of_space
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.keyword_index import KeywordIndex
from assistant.retrieval.private_copy import copies_folder
from assistant.retrieval.reranking import Reranker
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.vector_index import VectorIndex

if TYPE_CHECKING:
    from assistant.retrieval.vector_server import Searching, VectorServer

_log = logging.getLogger(__name__)

DENSE_WEIGHT = 0.7
"""Share of meaning in the fused score; the rest is words. Tuned on the dev split of the evals."""


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """A version that can be asked, with all that answering needs from it."""

    version: str
    catalogue: Catalogue
    chunks: Mapping[str, Chunk]
    keywords: KeywordIndex
    vectors: Searching | None
    """``None`` where the vectors of the passages are damaged."""
    statements: SentenceIndex
    phrasings: SentenceIndex
    unanswered: SentenceIndex
    adapter: QueryAdapter | None
    retriever: Retriever
    degraded: Degraded | None = None

    def close(self) -> None:
        """Release its files."""
        if self.vectors is not None:
            self.vectors.close()


def open_best(
    folder: IndexFolder,
    embedder: Embedder,
    reranker: Reranker | None = None,
    server: VectorServer | None = None,
) -> OpenVersion:
    """Open the best that there is: the current version, the one before it, or one by its keywords alone.

    Raises ``IndexUnavailable`` before the first version, and what is wrong with the current one when none
    can be opened.
    """
    while True:
        candidates = folder.candidates()
        try:
            return _open_first(folder, candidates, embedder, reranker, server)
        except IndexUnavailable:
            if folder.candidates() == candidates:  # Otherwise a builder was at work in the meantime.
                raise


def _open_first(
    folder: IndexFolder,
    candidates: tuple[str, ...],
    embedder: Embedder,
    reranker: Reranker | None,
    server: VectorServer | None,
) -> OpenVersion:
    faults: list[AssistantError] = []
    for with_vectors in (True, False):
        for version in candidates:
            try:
                opened = open_version(
                    folder, version, embedder, reranker, with_vectors=with_vectors, server=server
                )
            except (IndexUnavailable, DiskFull) as fault:
                _log.warning("index %s can't be opened: %s", version, fault)
                faults.append(fault)
                continue
            if with_vectors and version != folder.current():
                return replace(opened, degraded=Degraded.OLDER)
            return opened
    raise faults[0] if faults else IndexUnavailable(folder=str(folder.path))


def open_version(  # noqa: PLR0913 - what a version is opened from and with has a name each
    folder: IndexFolder,
    version: str,
    embedder: Embedder,
    reranker: Reranker | None = None,
    *,
    with_vectors: bool = True,
    server: VectorServer | None = None,
) -> OpenVersion:
    """Open a version, whole or without the vectors of its passages; with a server, those are asked there.

    Raises ``IndexDamaged``, ``IndexMismatch`` if another model made it, or ``DiskFull`` if the copy of its
    vectors doesn't fit. Its files are checked before they are read and after: what changed meanwhile
    isn't used.
    """
    manifest = _fitting(folder, version, embedder)
    vectors = _open_vectors(folder, manifest, server) if with_vectors else None
    try:
        opened = _read(folder, version, embedder, reranker, vectors)
        _check(folder, manifest)
    except BaseException:
        if vectors is not None:
            vectors.close()
        raise
    return opened


def can_be_opened(folder: IndexFolder, version: str, embedder: Embedder) -> bool:
    """Return whether a version could be asked, at least without the vectors of its passages."""
    try:
        _fitting(folder, version, embedder)
    except IndexUnavailable:
        return False
    return True


def _fitting(folder: IndexFolder, version: str, embedder: Embedder) -> Manifest:
    """Return the manifest of a version that this embedder made and of which all but the vectors is whole."""
    manifest = folder.manifest(version)
    made = manifest.made_from
    if (made.engine, made.model) != (embedder.engine, embedder.model):
        raise IndexMismatch(found=f"{made.engine} {made.model}", wanted=f"{embedder.engine} {embedder.model}")
    _check(folder, manifest)
    return manifest


def _check(folder: IndexFolder, manifest: Manifest) -> None:
    """Raise ``IndexDamaged`` unless every file but the vectors' is what was published."""
    path = folder.version_path(manifest.version)
    for name, digest in manifest.files.items():
        if not name.startswith(f"{VECTORS}/"):
            check_file(path / name, digest)


def _open_vectors(folder: IndexFolder, manifest: Manifest, server: VectorServer | None) -> Searching:
    own = partial(_open_own_vectors, folder, manifest)
    return server.open_steady(manifest.version, manifest.made_from.chunks, own) if server else own()


def _open_own_vectors(folder: IndexFolder, manifest: Manifest) -> VectorIndex:
    ensure_probed(folder, manifest.version)
    path = folder.version_path(manifest.version) / VECTORS
    with telling_of_space(copies_folder(), sum(file.stat().st_size for file in path.rglob("*"))):
        return VectorIndex.open(path, manifest.below(VECTORS))


def _read(
    folder: IndexFolder,
    version: str,
    embedder: Embedder,
    reranker: Reranker | None,
    vectors: Searching | None,
) -> OpenVersion:
    path = folder.version_path(version)
    chunks = read_chunks(path)
    keywords = KeywordIndex.open(path / KEYWORDS)
    statements, phrasings, unanswered = (
        SentenceIndex.open(path / file) for file in (STATEMENTS, PHRASINGS, UNANSWERED)
    )
    adapter = QueryAdapter.read(path / ADAPTER) if (path / ADAPTER).is_file() else None
    retriever = Retriever(
        embedder,
        vector_index=vectors,
        keyword_index=keywords,
        statement_index=statements,
        phrasing_index=phrasings,
        unanswered_index=unanswered,
        chunks=chunks,
        adapter=adapter,
        weight=DENSE_WEIGHT,
        reranker=reranker,
    )
    return OpenVersion(
        version,
        catalogue=read_catalogue(path),
        chunks=chunks,
        keywords=keywords,
        vectors=vectors,
        statements=statements,
        phrasings=phrasings,
        unanswered=unanswered,
        adapter=adapter,
        retriever=retriever,
        degraded=None if vectors is not None else Degraded.KEYWORDS,
    )
