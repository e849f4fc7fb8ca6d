"""The dense index on a Chroma server: a collection for each version, that all workers ask.

The server is the one in Rust (``chroma run``); it knows no passwords, so it stands on a private network.
It is spoken to over its HTTP interface: Chroma's own client waits without end for a server that hangs.
"""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

import httpx
import numpy as np
from numpy.typing import NDArray

from assistant.domain import Chunk, Filters, Ranking
from assistant.errors import IndexDamaged, IndexUnavailable, VectorsUnavailable
from assistant.retrieval.vector_index import EXACT_UP_TO, metadata_of, ranking_of, where_of

_log = logging.getLogger(__name__)

PREFIX = "alliantie-"
"""What the names of our collections begin with; a version follows."""

PATIENCE = 15.0
"""Seconds that a server which didn't answer is left alone."""

_PATH = "/api/v2/tenants/default_tenant/databases/default_database"
_ASKING = httpx.Timeout(5.0, connect=1.0)
_WRITING = httpx.Timeout(120.0, connect=5.0)
_BATCH = 1000
_HNSW = {
    "space": "cosine",
    "ef_search": EXACT_UP_TO,
    "ef_construction": 400,
    "max_neighbors": 64,
    "sync_threshold": _BATCH,
}


class Searching(Protocol):
    """A dense index that is open for questions."""

    def search(self, vectors: NDArray[np.float32], limit: int, filters: Filters) -> tuple[Ranking, ...]:
        """Find the nearest chunks to each vector, of shape (n, dimension), by cosine similarity (-1 to 1)."""

    def close(self) -> None:
        """Release what it holds."""


class VectorServer:
    """A Chroma server by its URL; ``VectorsUnavailable`` when it is away or can't do what is asked."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        # Straight to the server: a proxy of the environment is for what lies outside.
        self._client = httpx.Client(base_url=self._url + _PATH, timeout=_ASKING, trust_env=False)

    def write(self, version: str, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Write the collection of a version, in the place of a part that a killed build left.

        ``vectors`` has shape (len(chunks), dimension). All is there when this returns: raises
        ``IndexDamaged`` if the server counts another number.
        """
        if not chunks or len(chunks) != len(vectors):
            raise ValueError(f"{len(chunks)} chunks with {len(vectors)} vectors")
        self._remove(PREFIX + version)
        wanted = {"name": PREFIX + version, "configuration": {"hnsw": _HNSW}}
        id_ = str(self._ask("POST", "/collections", wanted)["id"])
        for start in range(0, len(chunks), _BATCH):
            batch = slice(start, start + _BATCH)
            self._ask("POST", f"/collections/{id_}/add", _records(chunks[batch], vectors[batch]), _WRITING)
        if self._count(id_) != len(chunks):
            raise IndexDamaged(file=f"{self._url} {PREFIX}{version}")

    def holds(self, version: str, count: int) -> bool:
        """Return whether all chunks of a version are there."""
        id_ = self._id_of(PREFIX + version)
        return id_ is not None and self._count(id_) == count

    def open(self, version: str, count: int) -> ServedVectors:
        """Open the collection of a version; raise ``IndexDamaged`` if it isn't there as it was written."""
        id_ = self._id_of(PREFIX + version)
        if id_ is None or self._count(id_) != count:
            raise IndexDamaged(file=f"{self._url} {PREFIX}{version}")
        return ServedVectors(lambda query: self._ask("POST", f"/collections/{id_}/query", query), count)

    def open_steady(self, version: str, count: int, own: Callable[[], Searching]) -> SteadyVectors:
        """Open the collection of a version, with the version's own files for when the server is away.

        Raises what ``own`` raises if they are needed at once.
        """
        steady = SteadyVectors(lambda: self.open(version, count), own)
        steady.open()
        return steady

    def prune(self, keep: Collection[str]) -> None:
        """Remove the collections of all versions but these."""
        kept = {PREFIX + version for version in keep}
        names = {str(collection["name"]) for collection in self._ask("GET", "/collections")}
        for name in names - kept:
            if name.startswith(PREFIX):
                self._remove(name)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _id_of(self, name: str) -> str | None:
        found = self._ask("GET", f"/collections/{name}", may_miss=True)
        return None if found is None else str(found["id"])

    def _count(self, id_: str) -> int:
        return int(self._ask("GET", f"/collections/{id_}/count"))

    def _remove(self, name: str) -> None:
        self._ask("DELETE", f"/collections/{name}", may_miss=True)

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        timeout: httpx.Timeout = _ASKING,
        *,
        may_miss: bool = False,
    ) -> Any:
        """Return what the server answers; ``None`` where there is nothing and that may be."""
        try:
            response = self._client.request(method, path, json=body, timeout=timeout)
            if may_miss and response.status_code == httpx.codes.NOT_FOUND:
                return None
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise VectorsUnavailable(url=self._url, reason=_reason_of(error)) from error


class ServedVectors:
    """A collection that is open for questions; safe to ask from several threads."""

    def __init__(self, query: Callable[[dict[str, Any]], Any], size: int) -> None:
        self._query = query
        self._size = size

    def search(self, vectors: NDArray[np.float32], limit: int, filters: Filters) -> tuple[Ranking, ...]:
        """Find the nearest chunks to each vector, of shape (n, dimension), by cosine similarity (-1 to 1)."""
        wanted: dict[str, Any] = {
            "query_embeddings": vectors.tolist(),
            "n_results": min(limit, self._size),
            "include": ["distances"],
        }
        if (where := where_of(filters)) is not None:
            wanted["where"] = where
        found = self._query(wanted)
        try:
            pairs = zip(found["ids"], found["distances"], strict=True)
            rankings = tuple(ranking_of(ids, distances) for ids, distances in pairs)
        except (KeyError, TypeError, ValueError) as error:
            raise VectorsUnavailable(url="", reason=f"no result of a search: {error!r}") from error
        if len(rankings) != len(vectors):
            raise VectorsUnavailable(url="", reason=f"{len(rankings)} results of {len(vectors)} searches")
        return rankings

    def close(self) -> None:
        """Do nothing: the connections are the server's."""


class SteadyVectors:
    """Asks the server, and the version's own files while that is away; safe from several threads."""

    def __init__(
        self,
        served: Callable[[], Searching],
        own: Callable[[], Searching],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_served = served
        self._open_own = own
        self._clock = clock
        self._lock = threading.Lock()
        self._served: Searching | None = None
        self._own: Searching | None = None
        self._away_until = 0.0

    def open(self) -> None:
        """Open what will be asked first; raises what the own files do if they are needed and can't be."""
        try:
            self._from_server()
        except IndexUnavailable as error:
            self._note_absence(error)
            self._from_own()

    def search(self, vectors: NDArray[np.float32], limit: int, filters: Filters) -> tuple[Ranking, ...]:
        """Find the nearest chunks to each vector, of shape (n, dimension), by cosine similarity (-1 to 1)."""
        if self._clock() >= self._away_until:
            try:
                return self._from_server().search(vectors, limit, filters)
            except IndexUnavailable as error:
                self._note_absence(error)
        return self._from_own().search(vectors, limit, filters)

    def close(self) -> None:
        """Release the files, if they were needed; call it after the last search."""
        with self._lock:
            for one in (self._served, self._own):
                if one is not None:
                    one.close()
            self._served = self._own = None

    def _from_server(self) -> Searching:
        with self._lock:
            if self._served is None:
                self._served = self._open_served()
            return self._served

    def _from_own(self) -> Searching:
        with self._lock:
            if self._own is None:
                self._own = self._open_own()
            return self._own

    def _note_absence(self, error: IndexUnavailable) -> None:
        with self._lock:
            self._served = None  # When it is back, it may know the collection by another id.
            if self._away_until <= self._clock():
                _log.warning("searching the index's own files for %.0f s: %s", PATIENCE, error)
            self._away_until = self._clock() + PATIENCE


def _records(chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> dict[str, Any]:
    """Return chunks as the server takes them; vectors as base64 of little-endian float32."""
    rows = np.ascontiguousarray(vectors, dtype="<f4")
    return {
        "ids": [chunk.id for chunk in chunks],
        "embeddings": [base64.b64encode(row.tobytes()).decode("ascii") for row in rows],
        "metadatas": [metadata_of(chunk) for chunk in chunks],
    }


def _reason_of(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"{error.response.status_code} {error.response.text[:200]}"
    return f"{type(error).__name__}: {error}"
