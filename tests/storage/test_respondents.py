"""What one person answers."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.domain import Created, Response, Submission
from assistant.errors import CheckClosed, InvalidResponse, UnknownKey
from assistant.storage import Storage, Withdrawn

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def token(created: Created) -> str:
    """Give an invitation of the municipality."""
    return created.invitations["gemeente"]


def test_an_invitation_tells_of_the_check_and_the_organisation(
    storage: Storage, created: Created, token: str
) -> None:
    assert storage.respondents.invited(token) == (created.check, created.check.organisations[2])

    closed = storage.checks.close(created.owner_key, "{}")
    assert storage.respondents.invited(token)[0] == closed


@pytest.mark.parametrize("token", ["", "0" * 32, "gemeente", "\x00" * 32, "\ud800"])
def test_an_invitation_that_was_never_sent_is_unknown(storage: Storage, token: str) -> None:
    for ask in (storage.respondents.invited, storage.respondents.begin):
        with pytest.raises(UnknownKey, match="kind=invitation"):
            ask(token)


def test_a_respondent_begins_with_nothing_and_resumes_with_everything(
    storage: Storage, created: Created, token: str
) -> None:
    people = storage.respondents
    begun = people.begin(token)
    assert (begun.check, begun.organisation) == (created.check, created.check.organisations[2])
    assert not begun.responses
    assert not begun.is_finished

    people.save(begun.code, Response("b", None))
    people.save(begun.code, Response("a", 2, "Eerst"))
    saved = people.save(begun.code, Response("a", 5, "Toch niet"))

    assert dict(saved.responses) == {"a": Response("a", 5, "Toch niet"), "b": Response("b", None)}
    assert people.respondent(begun.code) == saved


def test_a_code_is_found_as_it_is_typed(storage: Storage, token: str) -> None:
    begun = storage.respondents.begin(token)
    typed = f" {begun.code.replace('-', '').lower().replace('0', 'o').replace('1', 'l')} "

    assert storage.respondents.respondent(typed) == begun
    assert storage.respondents.save(typed, Response("a", 1)).code == begun.code


@pytest.mark.parametrize("code", ["", "K7QF", "0" * 28, "\x00" * 28, "U" * 28])
def test_a_code_that_nobody_has_is_unknown(storage: Storage, created: Created, code: str) -> None:
    people = storage.respondents
    for ask in (people.respondent, people.finish, people.withdraw):
        with pytest.raises(UnknownKey, match="kind=respondent"):
            ask(code)
    with pytest.raises(UnknownKey, match="kind=respondent"):
        people.save(code, Response("a", 3))


def test_answers_can_be_changed_after_finishing(storage: Storage, token: str) -> None:
    people = storage.respondents
    code = people.begin(token).code
    assert people.finish(code).is_finished

    changed = people.save(code, Response("a", 3))

    assert changed.is_finished
    assert changed.responses["a"].score == 3


def test_a_closed_check_takes_no_answers_but_shows_them(
    storage: Storage, created: Created, token: str
) -> None:
    people = storage.respondents
    code = people.begin(token).code
    people.save(code, Response("a", 3))
    storage.checks.close(created.owner_key, "{}")

    with pytest.raises(CheckClosed):
        people.begin(token)
    with pytest.raises(CheckClosed):
        people.save(code, Response("a", 4))
    with pytest.raises(CheckClosed):
        people.finish(code)
    assert people.respondent(code).responses["a"].score == 3


@pytest.mark.parametrize(
    ("response", "fault"),
    [
        (Response("a" * 81, 3), "unknown"),
        (Response("a", 6), "range"),
        (Response("a", -3), "range"),
        (Response("a", 3, "x" * 10_001), "length"),
    ],
)
def test_what_does_not_fit_is_refused(storage: Storage, token: str, response: Response, fault: str) -> None:
    code = storage.respondents.begin(token).code

    with pytest.raises(InvalidResponse, match=f"fault={fault}"):
        storage.respondents.save(code, response)
    assert not storage.respondents.respondent(code).responses


def test_any_text_comes_back_as_it_was_written(storage: Storage, token: str) -> None:
    written = "Eén ‘zin’ met 🌱, een\nnieuwe regel en '); DROP TABLE checks;--"
    code = storage.respondents.begin(token).code
    storage.respondents.save(code, Response("open", None, written))

    assert storage.respondents.respondent(code).responses["open"].remark == written


def test_who_withdraws_is_gone(storage: Storage, created: Created, token: str) -> None:
    people = storage.respondents
    code, other = people.begin(token).code, people.begin(token).code
    for one in (code, other):
        people.save(one, Response("a", 3))

    assert people.withdraw(code) == Withdrawn(created.check.id, "gemeente")

    with pytest.raises(UnknownKey):
        people.respondent(code)
    with pytest.raises(UnknownKey):
        people.withdraw(code)
    assert len(storage.checks.submissions(created.owner_key)) == 1
    assert people.respondent(other).responses


def test_who_withdraws_after_closing_takes_their_part_out_of_the_report(
    storage: Storage, created: Created, token: str
) -> None:
    people = storage.respondents
    code, other = people.begin(token).code, people.begin(token).code
    people.save(code, Response("a", 3))
    people.save(other, Response("a", 5))
    storage.checks.close(created.owner_key, "twee antwoorden")
    seen: list[tuple[Submission, ...]] = []

    def shorten(report: str, left: tuple[Submission, ...]) -> str:
        seen.append(left)
        return f"minder dan {report}"

    people.withdraw(code, shorten)

    assert seen == [(Submission("gemeente", (Response("a", 5),)),)]
    assert storage.checks.report(created.owner_key) == "minder dan twee antwoorden"


def test_nobody_is_withdrawn_when_the_report_cannot_be_shortened(
    storage: Storage, created: Created, token: str
) -> None:
    code = storage.respondents.begin(token).code
    storage.checks.close(created.owner_key, "{}")

    def fail(report: str, left: tuple[Submission, ...]) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.respondents.withdraw(code, fail)
    assert storage.respondents.respondent(code)


def test_everybody_who_withdraws_at_once_shortens_the_report(
    storage: Storage, created: Created, token: str
) -> None:
    codes = [storage.respondents.begin(token).code for _ in range(8)]
    storage.checks.close(created.owner_key, "")

    def shorten(report: str, left: tuple[Submission, ...]) -> str:
        return report + "x"

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda code: storage.respondents.withdraw(code, shorten), codes))

    assert storage.checks.report(created.owner_key) == "x" * 8


def test_eight_people_can_answer_at_once(storage: Storage, created: Created) -> None:
    tokens = list(created.invitations.values())
    all_ready = threading.Barrier(8, timeout=30)

    def answer(number: int) -> str:
        code = storage.respondents.begin(tokens[number % 3]).code
        all_ready.wait()
        for item in range(25):
            storage.respondents.save(code, Response(f"item-{item}", (number + item) % 5 + 1))
        storage.respondents.finish(code)
        return code

    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(answer, range(8)))

    for number, code in enumerate(codes):
        told = storage.respondents.respondent(code)
        assert {one.item_id: one.score for one in told.responses.values()} == {
            f"item-{item}": (number + item) % 5 + 1 for item in range(25)
        }
    assert [one.finished for one in storage.checks.participation(created.owner_key)] == [3, 3, 2]


def test_two_pages_of_one_person_can_save_the_same_item_at_once(storage: Storage, token: str) -> None:
    code = storage.respondents.begin(token).code
    both_ready = threading.Barrier(4, timeout=30)

    def save(score: int) -> None:
        for item in range(20):
            both_ready.wait()
            storage.respondents.save(code, Response(f"item-{item}", score))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(save, [1, 2, 3, 4]))

    assert len(storage.respondents.respondent(code).responses) == 20


def test_erasing_a_check_while_people_answer_it_ends_their_answering(
    storage: Storage, created: Created, token: str
) -> None:
    codes = [storage.respondents.begin(token).code for _ in range(4)]
    some_saved = threading.Event()

    def answer(code: str) -> None:
        for item in range(1000):
            storage.respondents.save(code, Response(f"item-{item}", 3))
            some_saved.set()

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(answer, code) for code in codes]
        some_saved.wait(30)
        storage.checks.erase(created.owner_key)
        for one in running:
            with pytest.raises(UnknownKey, match="kind=respondent"):
                one.result()


@pytest.mark.parametrize("answers", [1, 2, 40])
def test_no_answer_is_lost_when_the_process_is_killed(
    url: str, storage: Storage, created: Created, answers: int
) -> None:
    token = created.invitations["gemeente"]
    command = [sys.executable, "-m", "tests.storage.answering_process", url, token]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        code = process.stdout.readline().strip()
        told = [process.stdout.readline().strip() for _ in range(answers)]
        process.kill()
        told += process.stdout.read().split()
    assert process.returncode == -signal.SIGKILL

    reopened = Storage.open(url)
    kept = reopened.respondents.respondent(code)
    after = reopened.respondents.save(code, Response("daarna", 5))
    reopened.close()

    for item in told:
        number = int(item.removeprefix("item-"))
        assert kept.responses[item] == Response(item, number % 5 + 1, f"opmerking {number}")
    assert after.responses["daarna"].score == 5
