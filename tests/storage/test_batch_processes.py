"""Jobs of many questions, worked on by several processes, of which one is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.domain import Batch, Question
from assistant.storage import Storage

_ROOT = Path(__file__).parents[2]
_COUNT = 40


@contextmanager
def _asking(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.storage.asking_process", url]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def _texts(name: str) -> list[str]:
    return [f"{name} {number:02}" for number in range(_COUNT)]


def _make(storage: Storage, name: str) -> Batch:
    return storage.batches.create("local", [Question(text) for text in _texts(name)])


def _read(line: str) -> tuple[int, str]:
    """Return when, in nanoseconds, which question was asked."""
    when, text = line.split(" ", 1)
    return int(when), text


def _wait_until_done(storage: Storage, made: Batch) -> None:
    for _ in range(1500):
        if storage.batches.batch("local", made.id).is_done:
            return
        time.sleep(0.02)
    raise AssertionError("the job isn't done after half a minute")


def test_when_a_process_is_killed_another_goes_on_and_each_question_is_answered_once(url: str) -> None:
    storage = Storage.open(url)
    made = [_make(storage, name) for name in ("Eerste", "Tweede")]
    with _asking(url) as killed, _asking(url) as other:
        assert killed.stdout
        said = [killed.stdout.readline().strip() for _ in range(_COUNT // 2)]
        killed.kill()
        said += killed.stdout.read().splitlines()
        for one in made:
            _wait_until_done(storage, one)
        said_by_other = other.communicate()[0].splitlines()
    pages = [storage.batches.page("local", one.id, 0, 100) for one in made]
    storage.close()

    assert killed.returncode == -signal.SIGKILL
    asked = [text for _, text in sorted(map(_read, said + said_by_other))]
    all_questions = _texts("Eerste") + _texts("Tweede")
    assert sorted(set(asked)) == sorted(all_questions)
    again = Counter(asked) - Counter(all_questions)
    assert again in (Counter(), Counter([_read(said[-1])[1]]))  # What was being asked when it was killed.
    for name in ("Eerste", "Tweede"):
        in_order = [text for text in asked if text.startswith(name)]
        assert list(dict.fromkeys(in_order)) == _texts(name)
    for page in pages:
        assert [one.content for one in page.outcomes] == ['"r1"'] * _COUNT
        assert (page.batch.done, page.batch.failed) == (_COUNT, 0)
