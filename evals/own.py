"""``python -m evals.own``: whether own documents are quoted when they answer, and left alone when they don't.

The documents and the questions in ``data/own`` are made up. ``--fit`` prints the weights of the decision,
fitted on the dev split; the test split is only counted.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.answering.own_documents import signals
from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.bootstrap.own_shelf import OwnShelf
from assistant.documents import read_document
from assistant.domain import (
    OWN_PREFIX,
    Answer,
    CheckedClaim,
    DocumentFormat,
    DocumentState,
    OwnDocument,
    Question,
    outcome_of,
)
from assistant.errors import IndexDamaged
from assistant.indexing.own_segments import own_segment, split_own
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings, read_settings
from evals.bench import open_bench
from evals.calibrating import fit
from evals.items import DATA

FOLDER = DATA / "own"


class OwnItem(BaseModel):
    """A question about documents: ``quotes`` has a piece of each sentence that answers it, or nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Literal["dev", "test"]
    documents: tuple[str, ...]
    question: str
    quotes: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What kind of question it is: the part of its id before the number."""
        return self.id.split("-")[1]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that one question may see, with all segments."""

    documents: Mapping[str, OwnDocument]
    contents: Mapping[str, bytes]

    def visible(self, reader: str | None) -> tuple[OwnDocument, ...]:
        """Return the documents that a reader, a list of their names, may see."""
        return tuple(self.documents[slug] for slug in (reader or "").split())

    def segments(self, ids: Sequence[str], engine: str, model: str) -> Mapping[str, bytes]:
        """Return the segments of documents."""
        return {id_: self.contents[id_] for id_ in ids}

    def drop_segment(self, id: str, engine: str, model: str) -> None:  # noqa: A002
        """Fail: nothing is damaged here."""
        raise IndexDamaged(file=id)


@dataclass(frozen=True, slots=True)
class Reply:
    """What own documents were quoted for, to one question."""

    item: OwnItem
    quoted: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether a sentence that answers is quoted, or nothing where nothing answers."""
        if not self.item.quotes:
            return not self.quoted
        return any(quote in sentence for quote in self.item.quotes for sentence in self.quoted)


def read_items() -> tuple[OwnItem, ...]:
    """Read all questions."""
    loaded = yaml.safe_load((FOLDER / "questions.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[OwnItem, ...]).validate_python(loaded)


def build_shelf(embedder: Embedder) -> Shelf:
    """Read and embed the documents."""
    paths = {path.stem: path for path in sorted((FOLDER / "documents").glob("*.md"))}
    documents = {slug: _document(slug, path) for slug, path in paths.items()}
    return Shelf(
        documents,
        {one.id: _segment(one, paths[slug], embedder) for slug, one in documents.items()},
    )


def ask_all(assistant: Assistant, items: Iterable[OwnItem]) -> Iterator[Reply]:
    """Ask each question of who may see its documents."""
    for item in items:
        outcome = outcome_of(assistant.ask(Question(item.question, reader=" ".join(item.documents))))
        claims = outcome.claims if isinstance(outcome, Answer) else ()
        yield Reply(item, tuple(_own_quotes(claims)))


def _own_quotes(claims: Iterable[CheckedClaim]) -> Iterator[str]:
    for claim in claims:
        yield from (one.evidence.quote for one in claim.citations if one.evidence.own)


def _document(slug: str, path: Path) -> OwnDocument:
    title = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
    now, size = datetime.now(UTC), path.stat().st_size
    state, format_ = DocumentState.READY, DocumentFormat.MARKDOWN
    return OwnDocument(f"{OWN_PREFIX}{slug}", slug, path.name, title, format_, size, state, now)


def _segment(document: OwnDocument, path: Path, embedder: Embedder) -> bytes:
    read = read_document(path, document.name, document.format)
    chunks = split_own(document.id, document.title, read)
    vectors = embedder.embed_passages([chunk.indexed_text for chunk in chunks])
    return own_segment(document.id, read, chunks, vectors, embedder)


def _say(line: str) -> None:
    print(line)  # noqa: T201 - this is a command


def _report(replies: Sequence[Reply]) -> None:
    for split in ("dev", "test"):
        asked = [one for one in replies if one.item.split == split]
        _say(f"{split}: {sum(one.is_right for one in asked)} of {len(asked)} right")
        for kind in dict.fromkeys(one.item.kind for one in asked):
            of_kind = [one for one in asked if one.item.kind == kind]
            quoted = sum(bool(one.quoted) for one in of_kind)
            _say(f"  {kind}: {sum(one.is_right for one in of_kind)} of {len(of_kind)}, {quoted} quoted")


def _fit(settings: Settings, engine: Embedder, shelf: Shelf, items: Iterable[OwnItem]) -> None:
    """Print the bias and the weights that tell questions which documents answer from others."""
    own = OwnShelf(engine)
    own.open(shelf)
    rows, truth = [], []
    with open_bench(settings, engine) as bench:
        for item in items:
            query = bench.understanding.understand(Question(item.question, reader=" ".join(item.documents)))
            found = own.find(query, bench.opened.adapter)
            literature = bench.opened.retriever.retrieve(query).best_dense
            rows.append([value for _, value in signals(query, found, literature)])
            truth.append(bool(item.quotes))
    bias, weights = fit(np.array(rows), np.array(truth), ["coverage", "nearer", "suited", "english"])
    _say(f"bias {bias:.2f}, " + ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items()))


def main() -> None:
    """Ask all questions and print how many are right, by kind; or fit the weights."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(data=Path(folder), originals=Path(folder))
        engine = load_engine(settings)
        Indexer(settings, engine).build(lambda step: None)
        shelf, items = build_shelf(engine), read_items()
        if "--fit" in sys.argv:
            _fit(settings, engine, shelf, [item for item in items if item.split == "dev"])
            return
        with closing(Assistant(settings, engine)) as assistant:
            assistant.open_documents(shelf)
            _report(tuple(ask_all(assistant, items)))


if __name__ == "__main__":
    main()
