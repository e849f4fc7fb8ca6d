"""Tests of references in the Dutch APA style, and of an answer to paste elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.corpus.manifest import read_manifest
from assistant.domain import Catalogue, Citation, Evidence, Source, Span, Support
from assistant.publishing.references import (
    copy_text,
    literature,
    own_cited,
    reference,
    reference_html,
)
from tests.publishing.examples import TEXTS

SHIPPED = {
    entry.source.id: entry.source
    for entry in read_manifest(Path(__file__).parents[2] / "corpus" / "sources.yaml").sources
}
CATALOGUE = Catalogue(SHIPPED, {}, {}, {})


def signed(*authors: str, label: str) -> str:
    """Return the reference of a work by these authors, as far as its year."""
    source = Source("x", authors, 2020, "Titel", "Uitgever", "nl", "©", label, ())
    return reference(source).removesuffix(" (2020). Titel. Uitgever.")


def cited(number: int, source_id: str, section: str) -> Citation:
    return Citation(number, Evidence(source_id, section, "Een zin.", None, "kaart"), Support.SUPPORTED)


@pytest.mark.parametrize(
    ("source_id", "expected"),
    [
        ("boonstra-eguiguren-2023", "Boonstra, J., & Eguiguren, M. (2023). Allianties voor een duurzame"),
        ("boonstra-2023-strategisch-samenwerken", "Boonstra, J. (2023). Strategisch samenwerken in"),
        (
            "jansen-2004-alliantievertrouwen",
            "inzicht doet wonderen! Nieuwsbrief van Direction, september 2004.",
        ),
        ("alliantiemanager", "De alliantiemanager. (z.d.). Artikel bij een basisverhaal in"),
        ("de-beuk-samenwerken-in-allianties", "De Beuk. (z.d.). Samenwerken in allianties: meerwaarde"),
    ],
)
def test_a_source_is_named_in_the_dutch_apa_style(source_id: str, expected: str) -> None:
    assert expected in reference(SHIPPED[source_id])


def test_a_reference_holds_nothing_that_the_bibliography_does_not_know() -> None:
    for source in SHIPPED.values():
        rest = reference(source).replace(source.title, "").replace(source.container, "")
        assert not any(letter.isdigit() for letter in rest.replace(str(source.year), ""))
        assert "None" not in rest


@pytest.mark.parametrize(
    ("authors", "label", "expected"),
    [
        (("Jan de Vries",), "De Vries 2020", "De Vries, J."),
        (
            ("Jan de Vries", "Els van den Berg", "Bo Smit"),
            "De Vries e.a. 2020",
            "De Vries, J., Van den Berg, E.,",
        ),
        (("Jean-Paul Sartre",), "Sartre 2020", "Sartre, J.-P."),
        (("J.A.M. Smit",), "Smit 2020", "Smit, J. A. M."),
        (("Ana Ruiz Gil", "Bo Smit"), "Ruiz Gil & Smit 2020", "Ruiz Gil, A., & Smit, B."),
        (("Universiteit Utrecht",), "Universiteit Utrecht 2020", "Universiteit Utrecht."),
        (("Plato",), "De staat", "Plato."),
    ],
)
def test_persons_have_initials_and_organisations_their_name(
    authors: tuple[str, ...], label: str, expected: str
) -> None:
    assert signed(*authors, label=label).startswith(expected)


def test_a_source_without_a_container_ends_with_its_title() -> None:
    bare = replace(SHIPPED["alliantiemanager"], container="")
    assert reference(bare) == "De alliantiemanager. (z.d.)."
    assert reference(replace(bare, authors=("Bo Smit",), label="Smit")).endswith(" De alliantiemanager.")


def test_in_html_the_title_alone_is_cited_and_all_else_is_text() -> None:
    hostile = replace(SHIPPED["alliantiemanager"], title="<b>&", authors=("<i> Smit",), label="Smit")
    assert reference_html(hostile).startswith("Smit, &lt;. (z.d.). <cite>&lt;b&gt;&amp;</cite>. Artikel")


def test_literature_is_listed_once_and_by_alphabet() -> None:
    citations = [cited(number, one, "x") for number, one in enumerate([*reversed(SHIPPED), *SHIPPED, "weg"])]
    assert [one.label for one in literature(citations, CATALOGUE)] == [
        "Boonstra 2023",
        "Boonstra & Eguiguren 2023",
        "De alliantiemanager",
        "De Beuk",
        "Jansen 2004",
    ]


def test_a_copied_answer_has_its_numbers_and_each_place_once() -> None:
    citations = (
        cited(1, "jansen-2004-alliantievertrouwen", "Het NAV-model"),
        cited(2, "alliantiemanager", "Allianties in opmars"),
        cited(3, "jansen-2004-alliantievertrouwen", "Het NAV-model"),
    )
    markdown = "Er zijn **twee** dingen. [1]\n\n- **Een.** Dit. [2]\n- Dat. [3]\n\nEn \\[klaar]."
    text = copy_text("Wat\nis er?", markdown, citations, CATALOGUE, TEXTS)
    assert text.startswith(
        "Wat is er?\n\nEr zijn twee dingen. [1]\n\n- Een. Dit. [2]\n- Dat. [3]\n\nEn [klaar].\n"
    )
    first, second = text.partition("\n\nBronnen\n")[2].splitlines()
    assert first.startswith("[1][3] Jansen, A. (2004). ")
    assert first.endswith(" Onderdeel ‘Het NAV-model’.")
    assert second.startswith("[2] De alliantiemanager. (z.d.). ")


def test_an_answer_without_sources_has_no_list_of_them() -> None:
    assert copy_text("Dag!", "Goedendag.", (), CATALOGUE, TEXTS) == "Dag!\n\nGoedendag.\n"


def test_a_source_that_left_the_library_is_still_accounted_for() -> None:
    text = copy_text("Wat?", "Dit. [1]", (cited(1, "weg", "Deel"),), CATALOGUE, TEXTS)
    assert "[1] Een bron die niet meer in de bibliotheek staat (weg). Onderdeel ‘Deel’." in text


def test_what_cannot_be_seen_is_not_copied() -> None:
    text = copy_text("Wat\u202e?\x00", "Dit\u200b. [1]", (), CATALOGUE, TEXTS)
    assert text == "Wat?\n\nDit. [1]\n"


def test_a_document_of_ones_own_is_named_as_that_with_its_page_and_is_no_literature() -> None:
    source = Source("eigen-1", (), None, "Plan", "plan.pdf", "nl", "", "Plan", ())
    evidence = Evidence("eigen-1", "Geld", "Samen delen.", Span(3, 15), own=source, page=4)
    citations = (cited(1, "alliantiemanager", "x"), Citation(2, evidence, Support.QUOTED))
    text = copy_text("Wat?", "Dit. [1] Dat. [2]", citations, CATALOGUE, TEXTS)
    assert text.endswith("[2] Plan. Eigen document, plan.pdf. Onderdeel ‘Geld, p. 4’.\n")
    assert [one.id for one in literature(citations, CATALOGUE)] == ["alliantiemanager"]
    assert own_cited(citations) == (source,)
