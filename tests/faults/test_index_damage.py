"""Files of an index are damaged: a start notices each, and nobody gets a wrong answer or a crash."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from assistant.bootstrap import Indexer, load_engine
from assistant.domain import Answer, Degraded
from assistant.errors import IndexUnavailable
from assistant.indexing.background import BackgroundBuild, Upkeep, Waits
from assistant.indexing.contents import VECTORS
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.private_copy import PREFIX, copies_folder
from assistant.settings import Settings
from tests.faults.conftest import Start, rounds
from tests.faults.indexes import (
    BESIDE,
    QUESTIONS,
    ask,
    assisting,
    build,
    change,
    copy_of,
    said,
    small_settings,
)
from tests.surfaces.serving import COMMAND

KINDS = ("emptied", "halved", "flipped", "deleted", "older")
POINTER = "current"


@dataclass(frozen=True, slots=True)
class Template:
    """An index with two versions, and what it answers when all is well."""

    settings: Settings
    older: str
    newer: str
    answers: Mapping[str, str]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, card_settings: Settings) -> Template:
    settings = small_settings(tmp_path_factory.mktemp("template"), card_settings)
    older = build(settings)
    change(settings, "newer")
    newer = build(settings)
    with assisting(settings) as assistant:
        answers = {question: said(assistant, question) for question in (*QUESTIONS, BESIDE)}
    return Template(settings, older, newer, answers)


def files_of(template: Template) -> list[str]:
    """Return the files of the newer version by their relative names, and the pointer."""
    path = IndexFolder(template.settings.index_folder).version_path(template.newer)
    return [POINTER, *sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file())]


def harm(template: Template, settings: Settings, name: str, kind: str, chance: np.random.Generator) -> bool:
    """Damage one file; return whether its bytes are others now."""
    folder = IndexFolder(settings.index_folder)
    file = folder.path / POINTER if name == POINTER else folder.version_path(template.newer) / name
    before = file.read_bytes()
    match kind:
        case "emptied":
            file.write_bytes(b"")
        case "halved":
            file.write_bytes(before[: len(before) // 2])
        case "flipped":
            place = int(chance.integers(len(before)))
            file.write_bytes(
                before[:place] + bytes([before[place] ^ 1 << int(chance.integers(8))]) + before[place + 1 :]
            )
        case "deleted":
            file.unlink()
        case _:
            file.write_bytes(_older_bytes(template, folder, name))
    return not file.is_file() or file.read_bytes() != before


def _older_bytes(template: Template, folder: IndexFolder, name: str) -> bytes:
    """Return what the same file holds in the version before; Chroma names a folder differently each time."""
    if name == POINTER:
        return f"{template.older}\n".encode()
    older = folder.version_path(template.older)
    part = Path(name)
    found = older / part if (older / part).is_file() else next((older / part.parts[0]).rglob(part.name))
    return found.read_bytes()


def test_every_damaged_file_is_noticed_at_a_start_and_the_version_before_answers(
    tmp_path: Path, template: Template, record_property: Callable[[str, object], None]
) -> None:
    count, chance = rounds(6, 150), np.random.default_rng(9)
    files = files_of(template)
    cases = [(name, kind) for kind in KINDS for name in files]
    chance.shuffle(cases)
    noticed = 0
    for number in range(10 * count):
        if noticed == count:
            break
        name, kind = cases[number % len(cases)]
        harmed = copy_of(template.settings, tmp_path / str(number))
        if harm(template, harmed, name, kind, chance):
            assert not Indexer(harmed, load_engine(harmed)).is_current(), (name, kind)
            with assisting(harmed) as assistant:
                status = assistant.status()
                answers = {question: said(assistant, question) for question in template.answers}
            assert answers == template.answers, (name, kind)
            # Where only the pointer was lost, the newest version is whole.
            if name != POINTER:
                assert (status.index_version, status.degraded) == (template.older, Degraded.OLDER), (
                    name,
                    kind,
                )
            noticed += 1
        shutil.rmtree(tmp_path / str(number))
    assert noticed == count
    record_property(
        "figure", f"{noticed} damaged files, in {len(files)} places: all noticed, all answers right"
    )


@pytest.mark.parametrize("kind", ["flipped", "deleted"])
def test_with_damaged_vectors_and_nothing_before_the_keywords_answer_and_say_so(
    tmp_path: Path, template: Template, kind: str
) -> None:
    harmed = alone(template, tmp_path)
    (name,) = (name for name in files_of(template) if name.endswith("data_level0.bin"))
    assert harm(template, harmed, name, kind, np.random.default_rng(1))
    with assisting(harmed) as assistant:
        assert assistant.status().degraded is Degraded.KEYWORDS
        for question in QUESTIONS:
            answer = ask(assistant, question)
            assert isinstance(answer, Answer)
            assert any("index is beschadigd" in notice for notice in answer.notices)
        assert said(assistant, BESIDE) == template.answers[BESIDE]
        build(harmed)
        assert assistant.status().degraded is None
        mended = ask(assistant, QUESTIONS[0])
        assert isinstance(mended, Answer)
        assert not mended.notices
        assert {question: said(assistant, question) for question in template.answers} == template.answers


def test_with_anything_else_damaged_and_nothing_before_no_question_is_answered(
    tmp_path: Path, template: Template
) -> None:
    harmed = alone(template, tmp_path)
    assert harm(template, harmed, "chunks.json", "flipped", np.random.default_rng(2))
    with assisting(harmed) as assistant:
        with pytest.raises(IndexUnavailable):
            ask(assistant, QUESTIONS[0])
        with pytest.raises(IndexUnavailable):
            assistant.status()


def test_a_damaged_version_is_made_again_beside_the_answering_and_the_notice_goes(
    tmp_path: Path, template: Template
) -> None:
    harmed = copy_of(template.settings, tmp_path)
    assert harm(template, harmed, "catalogue.json", "halved", np.random.default_rng(3))
    indexer = Indexer(harmed, load_engine(harmed))
    command, environment = [*COMMAND, "index", "--progress-json"], harmed.as_environment()
    with assisting(harmed) as assistant:
        assert assistant.status().degraded is Degraded.OLDER
        upkeep = Upkeep(
            lambda: not indexer.is_current(),
            lambda: assistant.status().degraded is not None,
            lambda: BackgroundBuild(command, environment, assistant.note_progress, assistant.note_failure),
            Waits(glance=0.1),
        )
        try:
            while assistant.status().degraded is not None:
                assert isinstance(ask(assistant, QUESTIONS[0]), Answer)
        finally:
            upkeep.close()
        assert assistant.status().index_version not in {template.older, template.newer, None}
        assert indexer.is_current()
    left = [path.name for path in harmed.index_folder.iterdir() if path.name[0].isdigit()]
    assert template.newer not in left
    assert template.older in left


def test_damage_under_a_running_server_changes_no_answer_and_the_next_start_notices(
    tmp_path: Path, template: Template
) -> None:
    harmed = copy_of(template.settings, tmp_path)
    with assisting(harmed) as assistant:
        assert said(assistant, QUESTIONS[0]) == template.answers[QUESTIONS[0]]
        for name in files_of(template):
            harm(template, harmed, name, "emptied", np.random.default_rng(4))
        assert {question: said(assistant, question) for question in template.answers} == template.answers
        assert assistant.status().degraded is Degraded.OLDER
    with assisting(harmed) as assistant:
        assert assistant.status().index_version == template.older


@pytest.mark.parametrize("kind", ["emptied", "deleted"])
def test_damage_to_the_private_copy_of_a_server_is_mended_from_the_published_version(
    tmp_path: Path, template: Template, kind: str
) -> None:
    before = set(copies_folder().glob(f"{PREFIX}*"))
    with assisting(template.settings) as assistant:
        assistant.status()
        (copy,) = set(copies_folder().glob(f"{PREFIX}*")) - before
        for file in [path for path in copy.rglob("*") if path.is_file()]:
            if kind == "deleted":
                file.unlink()
            else:
                file.write_bytes(b"")
        assert {question: said(assistant, question) for question in template.answers} == template.answers
        assert assistant.status().degraded is None


def test_a_server_starts_on_a_damaged_index_and_tells_how_it_is(
    tmp_path: Path, template: Template, start: Start
) -> None:
    harmed = alone(template, tmp_path)
    for name in files_of(template):
        if name.startswith(f"{VECTORS}/"):
            harm(template, harmed, name, "flipped", np.random.default_rng(5))
    (harmed.corpus / "sources.yaml").write_text("[", encoding="utf-8")  # So that no build can mend it.
    running = start(harmed)
    told = json.loads(running.get("/readyz")[1])
    assert (told["ready"], told["degraded"]) == (True, "keywords")
    assert told["failure"] is None or "sources.yaml" in told["failure"]
    answer = json.loads(running.post({"question": QUESTIONS[1]}))
    assert answer["refused"] is False


def alone(template: Template, folder: Path) -> Settings:
    """Return a copy of the index with its newer version alone."""
    settings = copy_of(template.settings, folder)
    shutil.rmtree(IndexFolder(settings.index_folder).version_path(template.older))
    return settings
