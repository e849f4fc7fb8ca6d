"""Reading cards, and telling what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.cards import read_cards
from assistant.corpus.findings import Fault
from assistant.corpus.manifest import Manifest
from assistant.domain import Card, CardKind, Reference, SectionRole
from assistant.errors import InvalidCard
from tests.corpus.conftest import WriteCard
from tests.corpus.examples import CARD, HEADINGS

PHASE = CARD.replace("id: pijler", "id: start").replace("kind: begrip", "kind: fase")


@pytest.fixture
def card(manifest: Manifest, write_card: WriteCard) -> Card:
    (card,) = read_cards(write_card(CARD), manifest, HEADINGS)
    return card


def test_the_front_matter_is_read(card: Card) -> None:
    assert (card.id, card.kind, card.title) == ("pijler", CardKind.CONCEPT, "Pijler")
    assert card.aliases == ("brugpijler",)
    assert card.questions == ("Wat is een pijler?",)


def test_a_paragraph_splits_into_statements_at_its_citations(card: Card) -> None:
    one, two = card.sections[0].statements
    assert one.text == "Een pijler draagt een brug."
    assert two.text == "Hij staat vaak in het water."
    assert two.references == (Reference("jansen-1999", "Inleiding"), Reference("vries-2001", "Sluizen"))


def test_a_section_title_may_hold_a_colon(card: Card) -> None:
    assert card.sections[0].statements[0].references[0].section == "Pijlers: de basis"


def test_list_items_keep_their_label_and_markdown(card: Card) -> None:
    lead, foot, head = card.sections[1].statements
    assert not lead.is_item
    assert (foot.label, foot.text) == ("Voet", "**Voet.** Rust op de bodem.")
    assert (head.label, head.text) == ("Kop", "**Kop.** Draagt het dek.")
    assert card.sections[1].is_ordered
    assert not card.sections[0].is_ordered


def test_a_citation_may_name_its_passage_over_two_lines(manifest: Manifest, write_card: WriteCard) -> None:
    named = "[@jansen-1999, Inleiding |\nvele soorten … van\nsteen; @vries-2001, Sluizen]"
    folder = write_card(CARD.replace("[@jansen-1999, Inleiding; @vries-2001, Sluizen]", named))
    (card,) = read_cards(folder, manifest, HEADINGS)
    references = card.sections[0].statements[1].references
    assert references == (Reference("jansen-1999", "Inleiding"), Reference("vries-2001", "Sluizen"))
    assert [reference.passage for reference in references] == ["vele soorten … van steen", None]


def test_a_passage_has_eight_words_at_most_and_the_dots_count_for_none(
    manifest: Manifest, write_card: WriteCard
) -> None:
    words = "een twee drie vier … vijf zes zeven acht"
    (card,) = read_cards(write_card(_with_passage(words)), manifest, HEADINGS)
    assert card.sections[0].statements[0].references[0].passage == words
    with pytest.raises(InvalidCard) as caught:
        read_cards(write_card(_with_passage(f"{words} negen")), manifest, HEADINGS)
    assert (caught.value.details["fault"], caught.value.details["line"]) == (Fault.LONG_PASSAGE, "12")


def test_phrasings_belong_to_the_section_with_their_heading(
    manifest: Manifest, write_card: WriteCard
) -> None:
    folder = write_card(CARD)
    _write_phrasings(folder, 'Onderdelen: {section: ["waar bestaat zo\'n ding uit?", wat zit er onder]}')
    (card,) = read_cards(folder, manifest, HEADINGS)
    core, parts = card.sections
    assert (core.phrasings, parts.phrasings) == ((), ("waar bestaat zo'n ding uit?", "wat zit er onder"))
    assert [one.phrasings for one in card.statements] == [()] * 5


def test_rows_of_phrasings_belong_to_the_statements_in_their_order(
    manifest: Manifest, write_card: WriteCard
) -> None:
    folder = write_card(CARD)
    _write_phrasings(
        folder, "Onderdelen:\n  statements: [[hoeveel delen], [], [wat zit bovenop, what is on top]]"
    )
    (card,) = read_cards(folder, manifest, HEADINGS)
    rows = [one.phrasings for one in card.statements]
    assert rows == [(), (), ("hoeveel delen",), (), ("wat zit bovenop", "what is on top")]


@pytest.mark.parametrize("heading", ["Verschil", "Onderdeel"])
def test_phrasings_under_a_heading_that_the_card_lacks_are_refused(
    manifest: Manifest, write_card: WriteCard, heading: str
) -> None:
    headings = {**HEADINGS, "Verschil": SectionRole.CONTRAST}
    folder = write_card(CARD)
    _write_phrasings(folder, f"Kern:\n  section: [een]\n{heading}:\n  section: [twee]\n")
    with pytest.raises(InvalidCard, match=heading) as caught:
        read_cards(folder, manifest, headings)
    assert caught.value.details["file"] == "phrasings/begrip/pijler.yaml"
    assert (caught.value.details["fault"], caught.value.details["line"]) == (Fault.STRAY_PHRASINGS, "3")


def test_statements_are_numbered_through_the_card(card: Card) -> None:
    ids = [statement.id for section in card.sections for statement in section.statements]
    assert ids == [f"pijler#{number}" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("title: Pijler\n", ""), 2, "title"),
        (("title: Pijler", "title: Pijler\nkleur: rood"), 5, "kleur"),
        (("kind: begrip", "kind: ding"), 3, "kind"),
        (("## Onderdelen", "## Weetjes"), 16, "Weetjes"),
        (("## Onderdelen", "## Kern"), 16, "Kern"),
        (("## Onderdelen", "### Onderdelen"), 16, "Onderdelen"),
        (("een brug. [@jansen-1999, Pijlers: de basis]\n", "een brug.\n\n"), 12, "without a citation"),
        (("   dek. [@vries-2001, Sluizen]", "   dek."), 20, "without a citation"),
        (("Een pijler heeft twee delen. ", ""), 17, "without a statement"),
        (("Inleiding; @vries-2001", "Inleiding; @bos-2001"), 14, "bos-2001"),
        (("[@vries-2001, Sluizen]\n", "[@vries-2001, Gemalen]\n"), 21, "Gemalen"),
        (
            ("[@jansen-1999, Inleiding; @vries-2001, Sluizen]", "[@jansen-1999; @vries-2001, Sluizen]"),
            14,
            "''",
        ),
        (("related: []", "related:\n  - sluis"), 8, "sluis"),
        (("phase: null", "phase: funderen"), 6, "funderen"),
        (("## Kern\n", "## Onderdelen\n"), 16, "Onderdelen"),
        (('questions: ["Wat is een pijler?"]', "questions: []"), 8, "questions"),
        (("**Kop.** ", ""), 20, "bold lead"),
        (("\n## Kern", "\nLosse tekst.\n\n## Kern"), 11, "before the first heading"),
        (("---\n\n## Kern", "\n\n## Kern"), 1, "isn't closed"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    manifest: Manifest, write_card: WriteCard, change: tuple[str, str], line: int, reason: str
) -> None:
    old, new = change
    assert CARD.count(old) >= 1
    before, after = CARD.rsplit(old, 1) if "vries-2001, Sluizen]\n" in old else CARD.split(old, 1)
    folder = write_card(before + new + after)
    with pytest.raises(InvalidCard) as caught:
        read_cards(folder, manifest, HEADINGS)
    assert reason in caught.value.details["reason"]
    assert caught.value.details["line"] == str(line)
    assert caught.value.details["file"].endswith("/pijler.md")


def test_a_card_without_a_core_is_refused(manifest: Manifest, write_card: WriteCard) -> None:
    start, end = CARD.index("## Kern"), CARD.index("## Onderdelen")
    with pytest.raises(InvalidCard, match="Kern"):
        read_cards(write_card(CARD[:start] + CARD[end:]), manifest, HEADINGS)


def test_a_kind_must_be_its_folder(manifest: Manifest, write_card: WriteCard) -> None:
    folder = write_card(CARD)
    (folder / "begrip").rename(folder / "vorm")
    with pytest.raises(InvalidCard, match="vorm") as caught:
        read_cards(folder, manifest, HEADINGS)
    assert caught.value.details["line"] == "3"


def test_an_id_must_be_its_file_name(manifest: Manifest, write_card: WriteCard) -> None:
    folder = write_card(CARD)
    (folder / "begrip" / "pijler.md").rename(folder / "begrip" / "boog.md")
    with pytest.raises(InvalidCard, match=r"boog\.md"):
        read_cards(folder, manifest, HEADINGS)


def test_an_id_occurs_once(manifest: Manifest, write_card: WriteCard) -> None:
    write_card(CARD)
    folder = write_card(CARD.replace("kind: begrip", "kind: vorm"))
    with pytest.raises(InvalidCard, match="twice"):
        read_cards(folder, manifest, HEADINGS)


def test_a_card_may_point_to_a_phase_and_to_related_cards(manifest: Manifest, write_card: WriteCard) -> None:
    write_card(PHASE)
    folder = write_card(
        CARD.replace("phase: null", "phase: start").replace("related: []", "related: [start]")
    )
    card = {card.id: card for card in read_cards(folder, manifest, HEADINGS)}["pijler"]
    assert (card.phase, card.related) == ("start", ("start",))


def test_a_phase_must_be_a_card_of_that_kind(manifest: Manifest, write_card: WriteCard) -> None:
    write_card(PHASE.replace("kind: fase", "kind: rol"))
    folder = write_card(CARD.replace("phase: null", "phase: start"))
    with pytest.raises(InvalidCard, match="phase"):
        read_cards(folder, manifest, HEADINGS)


def _with_passage(words: str) -> str:
    return CARD.replace(
        "een brug. [@jansen-1999, Pijlers: de basis]",
        f"een brug. [@jansen-1999, Pijlers: de basis | {words}]",
    )


def _write_phrasings(cards: Path, text: str) -> None:
    path = cards.parent / "phrasings" / "begrip" / "pijler.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
