"""Sharing versions among folders: what arrives is what was published, or nothing changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.errors import IndexBusy, IndexDamaged
from assistant.indexing.sharing import IndexSharing
from assistant.indexing.versions import IndexFolder, MadeFrom

CARDS, WANTED, OTHER = "a" * 64, "b" * 64, "c" * 64
"""Fingerprints: of the cards alone, with the originals of this machine, and of something else."""


@dataclass(frozen=True)
class OnShelf:
    """A version as the shelf lists it."""

    number: int
    name: str
    fingerprint: str
    digest: bytes


class MemoryShelf:
    """A shelf in memory, of which the bytes can be harmed."""

    def __init__(self) -> None:
        self.versions: list[tuple[OnShelf, bytes]] = []
        self.is_held = False
        self.asked = 0

    def newest(self, kind: str) -> OnShelf | None:
        self.asked += 1
        return self.versions[-1][0] if self.versions else None

    def announce(self, name: str, kind: str, fingerprint: str, parts: Iterable[bytes]) -> None:
        content = b"".join(parts)
        number = len(self.versions) + 1
        digest = hashlib.sha256(content).digest()
        self.versions.append((OnShelf(number, name, fingerprint, digest), content))

    def parts(self, number: int) -> Iterator[bytes]:
        content = next(content for one, content in self.versions if one.number == number)
        return (content[start : start + 100] for start in range(0, len(content), 100))

    @contextmanager
    def building(self) -> Iterator[None]:
        if self.is_held:
            raise IndexBusy(folder="")
        yield


def publish(folder: IndexFolder, fingerprint: str) -> str:
    """Publish a version with a few files."""
    with folder.building():
        unfinished = folder.begin(fingerprint)
        (unfinished / "keywords").mkdir()
        (unfinished / "keywords" / "words.bin").write_bytes(fingerprint.encode() * 1000)
        (unfinished / "chunks.json").write_text("[]")
        return folder.publish(unfinished, MadeFrom(fingerprint, "e", "m", 384, 1))


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
def here(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "there")


def contents(folder: IndexFolder, version: str) -> dict[str, bytes]:
    path = folder.version_path(version)
    return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()}


def test_what_one_machine_publishes_answers_on_the_other(
    shelf: MemoryShelf, here: IndexFolder, there: IndexFolder
) -> None:
    building, following = IndexSharing(shelf, here, CARDS, WANTED), IndexSharing(shelf, there, CARDS, WANTED)
    assert not following.fetch()
    for fingerprint in (CARDS, WANTED):
        version = publish(here, fingerprint)
        building.announce(version)
        building.announce(version)
        assert following.fetch()
        assert there.current() == version
        assert contents(there, version) == contents(here, version)
        assert following.is_shared()
    assert (len(shelf.versions), following.fetch(), there.verify(version).chunks) == (2, False, 1)


def test_asking_whether_there_is_news_costs_one_look(
    shelf: MemoryShelf, here: IndexFolder, there: IndexFolder
) -> None:
    IndexSharing(shelf, here, CARDS, WANTED).announce(publish(here, CARDS))
    following = IndexSharing(shelf, there, CARDS, WANTED)
    following.fetch()
    before = shelf.asked
    (there.path / "current").unlink()  # It isn't even looked at.
    assert not following.fetch()
    assert shelf.asked == before + 1


@pytest.mark.parametrize("harm", ["flipped", "halved", "emptied"])
def test_a_version_that_is_damaged_on_the_way_changes_nothing(
    harm: str, shelf: MemoryShelf, here: IndexFolder, there: IndexFolder
) -> None:
    following = IndexSharing(shelf, there, CARDS, WANTED)
    mine = publish(there, OTHER)
    IndexSharing(shelf, here, CARDS, WANTED).announce(publish(here, CARDS))
    shelved, content = shelf.versions[0]
    middle = len(content) // 2
    damaged = {"flipped": content[:middle] + b"\x00\xff" + content[middle + 2 :], "halved": content[:middle]}
    shelf.versions[0] = (shelved, damaged.get(harm, b""))
    with pytest.raises(IndexDamaged):
        following.fetch()
    assert there.current() == mine
    assert [one.name for one in there.path.iterdir() if one.is_dir()] == [mine]
    shelf.versions[0] = (shelved, content)  # The next look sees it whole.
    assert following.fetch()


def test_a_version_that_is_there_already_is_not_fetched_again(
    shelf: MemoryShelf, here: IndexFolder, there: IndexFolder
) -> None:
    first, second = publish(here, OTHER), publish(here, CARDS)
    building, following = IndexSharing(shelf, here, CARDS, WANTED), IndexSharing(shelf, there, CARDS, WANTED)
    for version in (first, second):
        building.announce(version)
        following.fetch()
    building.announce(first)
    shelf.versions[-1] = (shelf.versions[-1][0], b"never read")
    assert following.fetch()
    assert there.current() == first


def test_who_waits_for_the_builder_of_another_machine_begins_from_what_it_made(
    shelf: MemoryShelf, here: IndexFolder, there: IndexFolder
) -> None:
    version = publish(here, CARDS)
    IndexSharing(shelf, here, CARDS, WANTED).announce(version)
    shelf.is_held = True
    with pytest.raises(IndexBusy), IndexSharing(shelf, there, CARDS, WANTED).building():
        pass
    shelf.is_held = False
    with IndexSharing(shelf, there, CARDS, WANTED).building():
        assert there.current() == version
        with there.building():  # The folder is the builder's to lock.
            pass


def test_what_only_this_machine_has_is_shared_and_a_poorer_version_not_taken(
    shelf: MemoryShelf, here: IndexFolder, there: IndexFolder
) -> None:
    mine = publish(here, WANTED)
    IndexSharing(shelf, there, CARDS, CARDS).announce(publish(there, CARDS))
    assert not IndexSharing(shelf, here, CARDS, WANTED).follow()
    assert here.current() == mine
    assert IndexSharing(shelf, there, CARDS, CARDS).follow()
    assert there.current() == mine
    publish(here, OTHER)  # Of another release: nobody else can use it.
    shelf.versions.clear()
    IndexSharing(shelf, here, CARDS, WANTED).follow()
    assert shelf.versions == []
