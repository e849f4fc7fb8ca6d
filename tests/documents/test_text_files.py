"""HTML, Markdown and plain text, in whatever encoding and language."""

from __future__ import annotations

import pytest

from assistant.documents import Limits
from assistant.documents.charsets import decode
from assistant.domain import DocumentFormat, Notice
from tests.documents.conftest import Read
from tests.faults.hostile_documents import ACCENTED, ENCODINGS

PAGE = """<!doctype html><html><head><title>De wijk</title><script>kwaad()</script></head><body>
<nav>Menu</nav><main><h1>Samen</h1><p>Een <b>vette</b> alinea met <a href="x">een link</a>.
<p hidden>Verborgen<p>Nog een.<ul><li>punt een<li>punt twee</ul>
<table><tr><th>Partij<th>Rol<tr><td>Gemeente<td>Regisseur</table>
<h2>Geld</h2><div style="display: none">Weg</div>
<div>Elke partij betaalt een derde deel van alle kosten.</div>
</main><footer>Voet</footer></body></html>"""

MARKDOWN = """---
title: "Ons stuk"
---
# Kop *een*

Een **vette** alinea met [een link](http://elders.example) en `code`
over twee regels.

Kop twee
--------

| a | b |
|---|---|
| 1 | 2 |

<script>kwaad()</script>

```
# geen kop
```
"""

TEXT = """Verslag van het overleg

1. Inleiding

Dit is een stuk tekst dat over meer regels loopt en waarin een woord wordt afge-
broken aan het eind van de regel. Op een e-mailadres letten wij, ook als e-
mailadres over de regel valt.

- punt een
- punt twee
\f
Pagina twee begint hier met een zin die lang genoeg is.
"""


def test_a_page_is_read_without_menus_scripts_and_what_is_hidden(read: Read) -> None:
    found = read(PAGE.encode(), DocumentFormat.HTML)

    assert found.text.split("\n\n") == [
        "Samen", "Een vette alinea met een link.", "Nog een.", "punt een", "punt twee", "Partij | Rol",
        "Gemeente | Regisseur", "Geld", "Elke partij betaalt een derde deel van alle kosten.",
    ]  # fmt: skip
    assert [section.title for section in found.sections] == ["Samen", "Geld"]
    assert found.title == "De wijk"


def test_a_page_in_the_encoding_that_it_declares_is_read_in_it(read: Read) -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Źródła są różne.</p></body></html>'
    assert "Źródła są różne." in read(page.encode("iso-8859-2"), DocumentFormat.HTML).text


def test_markdown_keeps_its_headings_and_loses_its_marks(read: Read) -> None:
    found = read(MARKDOWN.encode(), DocumentFormat.MARKDOWN)

    assert found.text.split("\n\n") == [
        "Kop een", "Een vette alinea met een link en code over twee regels.", "Kop twee", "a | b", "1 | 2",
        "# geen kop",
    ]  # fmt: skip
    assert [section.title for section in found.sections] == ["Kop een", "Kop twee"]
    assert found.title == "Ons stuk"


def test_plain_text_has_headings_whole_words_and_pages(read: Read) -> None:
    found = read(TEXT.encode(), DocumentFormat.TEXT)

    assert [section.title for section in found.sections] == ["Verslag van het overleg", "1. Inleiding"]
    assert "wordt afgebroken aan" in found.text
    assert "ook als e-mailadres over" in found.text
    assert found.page_at(found.text.index("Pagina twee")) == 2


def test_sections_and_pages_cover_the_text_without_gaps(read: Read) -> None:
    found = read(TEXT.encode(), DocumentFormat.TEXT)

    for spans in ([section.span for section in found.sections], found.pages):
        assert "".join(found.text[span.start : span.end] for span in spans) == found.text


@pytest.mark.parametrize("encoding", [*ENCODINGS, "cp858"])
def test_each_encoding_is_recognised(encoding: str) -> None:
    assert decode((ACCENTED * 2).encode(encoding)) == ACCENTED * 2


def test_a_few_damaged_bytes_do_not_change_the_rest() -> None:
    content = (ACCENTED * 20).encode()
    assert decode(content[:3] + b"\xff" + content[3:]).count("coördinatie") == 20


def test_what_is_too_long_is_cut_and_says_so(read: Read) -> None:
    found = read((TEXT * 5).encode(), DocumentFormat.TEXT, Limits(characters=300))

    assert len(found.text) <= 300
    assert Notice.CUT in found.notices


@pytest.mark.parametrize(
    ("text", "language", "notices"),
    [
        ("De gemeente en de corporatie werken samen aan een betere wijk voor iedereen.", "nl", ()),
        ("The municipality and the corporation work together on a better neighbourhood.", "en", ()),
        (
            "Die Gemeinde und die Gesellschaft arbeiten gemeinsam an einem besseren Viertel.",
            "de",
            (Notice.OTHER_LANGUAGE,),
        ),
        ("Kort.", None, ()),
    ],
)
def test_the_language_is_told_where_there_is_enough_to_tell(
    read: Read, text: str, language: str | None, notices: tuple[Notice, ...]
) -> None:
    found = read(text.encode(), DocumentFormat.TEXT)

    assert (found.language, found.notices) == (language, notices)
