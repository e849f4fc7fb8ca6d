"""Checking cards and evidence: invented cards with every fault, and the shipped ones."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from assistant.answering.prompts import Texts
from assistant.corpus.cards import survey_cards
from assistant.corpus.checking import check_cards, check_evidence, require_support, tally
from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.documents import build_document
from assistant.corpus.evidence import link_statements
from assistant.corpus.findings import Fault, Finding
from assistant.corpus.manifest import Manifest
from assistant.domain import Catalogue
from assistant.errors import UnsupportedStatement
from assistant.indexing.building import Inputs, read_corpus
from assistant.indexing.inspecting import inspect_corpus
from tests.corpus.conftest import WriteCard
from tests.corpus.examples import CARD, HEADINGS, ORIGINAL

ROOT = Path(__file__).parents[2]

QUESTIONS = 'questions: ["Wat is een pijler?"]'
PILLAR = CARD.replace(QUESTIONS, "questions:\n  - Wat is een pijler?\n  - Waar staat een pijler?").replace(
    "related: []", "related: [sluis]"
)
LOCK = """\
---
id: sluis
kind: begrip
title: Sluis
aliases: [schutsluis]
phase: null
related: [pijler]
questions:
  - Wat is een sluis?
  - Wat doet een sluis?
---

## Kern
Een sluis houdt het water aan één kant hoog. [@vries-2001, Sluizen]
"""
SUPPORTED = "Een pijler rust met zijn voet op de bodem."


@pytest.fixture
def check(manifest: Manifest, write_card: WriteCard) -> Check:
    return Check(manifest, write_card)


class Check:
    """Checks the two invented cards, one of them changed."""

    def __init__(self, manifest: Manifest, write_card: WriteCard) -> None:
        self._manifest = manifest
        self._write = write_card

    def cards(self, *texts: str) -> list[Finding]:
        folder = [self._write(text) for text in texts][-1]
        return list(check_cards(survey_cards(folder, self._manifest, HEADINGS)))

    def catalogue(self, text: str, vocabulary: Vocabulary) -> Catalogue:
        """Return what is known with the original of one of the two sources present."""
        survey = survey_cards(self._write(text), self._manifest, HEADINGS)
        cards = [file.card for file in survey.files]
        document = build_document(self._manifest.sources[0], ORIGINAL, vocabulary)
        documents = {document.source_id: document}
        sources = {entry.source.id: entry.source for entry in self._manifest.sources}
        evidence = link_statements(cards, documents)
        return Catalogue(sources, {card.id: card for card in cards}, documents, evidence)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_cards_without_a_fault_give_no_findings(check: Check) -> None:
    assert check.cards(PILLAR, LOCK) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("---\nid", "id", 1, Fault.NO_FRONT_MATTER),
        ("---\n\n## Kern", "\n\n## Kern", 1, Fault.OPEN_FRONT_MATTER),
        ("[schutsluis]", "[schutsluis", 6, Fault.BROKEN_YAML),
        ("title: Sluis\n", "", 2, Fault.MISSING_FIELD),
        ("title: Sluis", "kleur: rood\ntitle: Sluis", 4, Fault.UNKNOWN_FIELD),
        ("title: Sluis", "title: []", 4, Fault.WRONG_FIELD),
        ("[pijler]", "[pijlr]", 7, Fault.DEAD_LINK),
        ("[pijler]", "[sluis]", 7, Fault.DEAD_LINK),
        ("phase: null", "phase: pijler", 6, Fault.DEAD_PHASE),
        ("## Kern", "## Kerrn", 13, Fault.UNKNOWN_HEADING),
        ("## Kern", "## Onderdelen", 12, Fault.NO_CORE),
        ("## Kern", "## Onderdelen\n\n## Kern", 13, Fault.EMPTY_HEADING),
        ("## Kern", "Tekst.\n\n## Kern", 13, Fault.STRAY_TEXT),
        (" [@vries-2001, Sluizen]", "", 14, Fault.NO_CITATION),
        (
            "[@vries-2001, Sluizen]",
            "[@vries-2001, Sluizen] [@vries-2001, Sluizen]",
            14,
            Fault.STRAY_CITATION,
        ),
        ("Een sluis houdt", "- Een sluis houdt", 14, Fault.NO_LEAD),
        ("@vries-2001", "@vries-2002", 14, Fault.UNKNOWN_SOURCE),
        (", Sluizen]", ", Gemalen]", 14, Fault.UNKNOWN_SECTION),
        (", Sluizen]", ", Sluizen | a b c d … e f g h i]", 14, Fault.LONG_PASSAGE),
        ("[schutsluis]", "[schutsluis, Brugpijler]", 5, Fault.SHARED_NAME),
        ("title: Sluis", "title: pijler", 4, Fault.SHARED_NAME),
        ("Wat doet een sluis?", "Wat is een Pijler", 10, Fault.SHARED_QUESTION),
        ("Wat doet een sluis?", "Wat is een sluis?", 10, Fault.SHARED_QUESTION),
        ("  - Wat doet een sluis?\n", "", 8, Fault.QUESTION_COUNT),
        ("aan één kant", "aan één kant" + " heel erg" * 17, 14, Fault.LONG_STATEMENT),
        (
            "Een sluis houdt het water aan één kant hoog.",
            "Draagt een pijler een brug.",
            14,
            Fault.SHARED_STATEMENT,
        ),
    ],
)
def test_each_fault_is_found_on_its_line(check: Check, old: str, new: str, line: int, code: Fault) -> None:
    found = check.cards(PILLAR, changed(LOCK, old, new))
    assert [(one.file, one.line, one.code) for one in found] == [("cards/begrip/sluis.md", line, code)]


@pytest.mark.parametrize(
    ("place", "text", "code"),
    [
        (("begrip/sluis.yaml", 2), "Kern: {section: [een]}\nPrijs: {section: [twee]}", Fault.STRAY_PHRASINGS),
        (("begrip/sluis.yaml", 2), "Kern:\n  statements: [[een], [twee], [drie]]", Fault.UNEVEN_PHRASINGS),
        (("begrip/sluis.yaml", 2), "Kern:\n  section: een", Fault.WRONG_FIELD),
        (("begrip/sluis.yaml", 1), "Kern: [een", Fault.BROKEN_YAML),
        (("begrip/gemaal.yaml", 1), "Kern: {section: [een]}", Fault.STRAY_FILE),
        (("rol/sluis.yaml", 1), "Kern: {section: [een]}", Fault.STRAY_FILE),
    ],
)
def test_each_fault_in_phrasings_is_found_in_their_file(
    check: Check, tmp_path: Path, place: tuple[str, int], text: str, code: Fault
) -> None:
    name, line = place
    path = tmp_path / "phrasings" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    found = check.cards(PILLAR, LOCK)
    assert [(one.file, one.line, one.code) for one in found] == [(f"phrasings/{name}", line, code)]


def test_statements_that_differ_in_a_word_may_both_stand(check: Check) -> None:
    lock = changed(LOCK, "Een sluis houdt het water aan één kant hoog.", "Een pijler draagt zelden een brug.")
    assert check.cards(PILLAR, lock) == []


def test_a_heading_that_occurs_twice_is_found(check: Check) -> None:
    (found,) = check.cards(PILLAR, LOCK + "\n## Kern\nNog eens. [@vries-2001, Sluizen]\n")
    assert (found.line, found.code) == (16, Fault.REPEATED_HEADING)


def test_a_card_in_another_folder_or_file_is_found(check: Check, tmp_path: Path) -> None:
    check.cards(PILLAR, LOCK)
    folder = tmp_path / "cards" / "begrip"
    (folder / "sluis.md").rename(folder / "schutsluis.md")
    (tmp_path / "cards" / "rol").mkdir()
    (folder / "pijler.md").rename(tmp_path / "cards" / "rol" / "pijler.md")
    found = {(finding.file, finding.line, finding.code) for finding in check.cards(_other_card("boog"))}
    assert ("cards/begrip/schutsluis.md", 2, Fault.OTHER_FILE) in found
    assert ("cards/rol/pijler.md", 3, Fault.OTHER_FOLDER) in found


def test_a_file_that_is_not_utf_8_is_found(check: Check, tmp_path: Path) -> None:
    check.cards(PILLAR, LOCK)
    (tmp_path / "cards" / "begrip" / "sluis.md").write_bytes(b"\xff")
    (found,) = check.cards(PILLAR)
    assert (found.file, found.line, found.code) == ("cards/begrip/sluis.md", 1, Fault.UNREADABLE_FILE)


def test_an_id_that_occurs_twice_is_found_on_the_second_card(check: Check) -> None:
    found = check.cards(PILLAR, LOCK, LOCK.replace("kind: begrip", "kind: vorm"))
    assert ("cards/vorm/sluis.md", 2, Fault.REPEATED_ID) in [(one.file, one.line, one.code) for one in found]


def test_a_card_that_no_other_names_is_a_warning(check: Check) -> None:
    (found,) = check.cards(PILLAR, LOCK, _other_card("boog"))
    assert (found.file, found.line, found.code) == ("cards/begrip/boog.md", 1, Fault.UNRELATED_CARD)
    assert not found.is_error


def test_faults_of_all_cards_are_found_at_once(check: Check) -> None:
    broken = PILLAR.replace("related: [sluis]", "related: [slus, brg]").replace("**Kop.** ", "")
    found = check.cards(broken, LOCK.replace("## Kern", "## Kerrn"))
    assert [(finding.file, finding.line, finding.code) for finding in found] == [
        ("cards/begrip/pijler.md", 7, Fault.DEAD_LINK),
        ("cards/begrip/pijler.md", 7, Fault.DEAD_LINK),
        ("cards/begrip/pijler.md", 22, Fault.NO_LEAD),
        ("cards/begrip/sluis.md", 13, Fault.UNKNOWN_HEADING),
    ]


def test_a_name_that_is_nearly_right_gets_the_right_one(check: Check) -> None:
    (found,) = check.cards(PILLAR, LOCK.replace("@vries-2001", "@vris-2001"))
    assert (found.details["name"], found.details["near"]) == ("vris-2001", "vries-2001")


def test_what_the_text_says_gives_no_findings(check: Check, vocabulary: Vocabulary) -> None:
    catalogue = check.catalogue(PILLAR.replace("Een pijler draagt een brug.", SUPPORTED), vocabulary)
    assert list(check_evidence(catalogue)) == []
    require_support(catalogue)


def test_what_the_text_does_not_say_is_an_error_with_the_nearest_passage(
    check: Check, vocabulary: Vocabulary
) -> None:
    text = PILLAR.replace("Een pijler draagt een brug.", "Amsterdam kocht molens.")
    catalogue = check.catalogue(text, vocabulary)
    (found,) = check_evidence(catalogue)
    assert (found.file, found.line, found.code) == ("cards/begrip/pijler.md", 14, Fault.UNSUPPORTED)
    assert (found.details["source"], found.details["section"]) == ("Jansen 1999", "Pijlers: de basis")
    assert len(found.details["passage"].split()) == 7
    with pytest.raises(UnsupportedStatement) as caught:
        require_support(catalogue)
    assert (caught.value.details["file"], caught.value.details["line"]) == ("cards/begrip/pijler.md", "14")
    assert caught.value.details["passage"] == found.details["passage"]


def test_a_figure_that_the_passage_lacks_is_an_error(check: Check, vocabulary: Vocabulary) -> None:
    text = PILLAR.replace("Een pijler draagt een brug.", "In 1999 rust een pijler met 2 voeten op de bodem.")
    (found,) = check_evidence(check.catalogue(text, vocabulary))
    assert (found.line, found.code, found.details["figures"]) == (14, Fault.UNPROVED_FIGURE, "2")


def test_a_section_that_says_it_much_better_is_a_warning(check: Check, vocabulary: Vocabulary) -> None:
    text = PILLAR.replace(
        "Een pijler draagt een brug.", "Bruggen zijn er in vele maten, van hout en van steen; de basis."
    )
    (found,) = [
        one for one in check_evidence(check.catalogue(text, vocabulary)) if one.code == Fault.OTHER_SECTION
    ]
    assert (found.line, found.is_error) == (14, False)
    assert (found.details["section"], found.details["better"]) == ("Pijlers: de basis", "Inleiding")


def test_a_passage_that_is_not_in_its_section_is_an_error(check: Check, vocabulary: Vocabulary) -> None:
    text = PILLAR.replace(
        "Een pijler draagt een brug. [@jansen-1999, Pijlers: de basis]",
        f"{SUPPORTED} [@jansen-1999, Pijlers: de basis | twee oevers]",
    )
    (found,) = check_evidence(check.catalogue(text, vocabulary))
    assert (found.file, found.line, found.code) == ("cards/begrip/pijler.md", 14, Fault.LOST_PASSAGE)
    assert found.is_error
    assert found.details == {
        "source": "Jansen 1999",
        "section": "Pijlers: de basis",
        "passage": "twee oevers",
    }


def test_a_passage_that_a_curator_names_gives_no_findings(check: Check, vocabulary: Vocabulary) -> None:
    text = PILLAR.replace(
        "Een pijler draagt een brug. [@jansen-1999, Pijlers: de basis]",
        "Amsterdam kocht molens. [@jansen-1999, Pijlers: de basis | met zijn voet]",
    )
    catalogue = check.catalogue(text, vocabulary)
    assert list(check_evidence(catalogue)) == []
    require_support(catalogue)


def test_the_tally_counts_what_there_is(check: Check, vocabulary: Vocabulary) -> None:
    counted = tally(check.catalogue(PILLAR, vocabulary))
    assert (counted.sources, counted.cards, counted.statements, counted.links) == (2, 1, 5, 4)
    assert counted.support is not None
    assert 0 < counted.support.lowest <= counted.support.low <= counted.support.median <= 1


def test_every_fault_has_a_text() -> None:
    texts = Texts.read(ROOT / "prompts" / "corpus.yaml")
    assert [fault for fault in Fault if fault not in texts] == []


def test_the_shipped_cards_are_without_errors() -> None:
    inspection = inspect_corpus(Inputs(ROOT / "corpus", None))
    assert [finding for finding in inspection.findings if finding.is_error] == []
    assert inspection.tally is not None
    assert inspection.tally.support is None


def test_every_citation_of_the_shipped_cards_names_its_passage() -> None:
    catalogue, _ = read_corpus(Inputs(ROOT / "corpus", None))
    statements = chain.from_iterable(card.statements for card in catalogue.cards.values())
    unnamed = [one.id for one in statements if any(not reference.passage for reference in one.references)]
    assert unnamed == []


def test_every_shipped_section_and_statement_has_phrasings_of_a_good_length_and_none_occurs_twice() -> None:
    catalogue, _ = read_corpus(Inputs(ROOT / "corpus", None))
    sections = [
        (f"{card.id}: {section.heading}", section)
        for card in catalogue.cards.values()
        for section in card.sections
    ]
    assert [name for name, section in sections if not section.phrasings] == []
    statements = chain.from_iterable(card.statements for card in catalogue.cards.values())
    asked = [section.phrasings for _, section in sections] + [one.phrasings for one in statements]
    assert [row for row in asked if not row] == []
    phrasings = [" ".join(words_of(one)) for one in chain.from_iterable(asked)]
    assert [one for one in phrasings if not 2 <= len(one.split()) <= 60] == []
    assert [one for one, count in Counter(phrasings).items() if count > 1] == []


@pytest.mark.originals
def test_the_shipped_cards_are_supported_by_the_originals(originals: Path) -> None:
    inspection = inspect_corpus(Inputs(ROOT / "corpus", originals))
    assert [finding for finding in inspection.findings if finding.is_error] == []
    assert inspection.tally is not None
    assert inspection.tally.support is not None
    assert inspection.tally.links >= inspection.tally.statements


def words_of(phrasing: str) -> list[str]:
    return phrasing.casefold().rstrip("?!. ").split()


def _other_card(name: str) -> str:
    return (
        LOCK.replace("sluis", name)
        .replace("Sluis", name)
        .replace(f"aliases: [schut{name}]", "aliases: []")
        .replace("houdt het water aan één kant hoog", "overspant de rivier met stenen in een ronding")
    )
