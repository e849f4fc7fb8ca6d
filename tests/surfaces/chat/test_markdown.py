"""Answers as HTML: text of others stays text, whatever it tries."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.answering.rendering import inert, render_claims
from assistant.surfaces.chat.markdown import Mark, answer_html
from tests.publishing.hostile import NASTY
from tests.surfaces.chat.elements import Element, read
from tests.surfaces.chat.scripted import CLAIMS, HOSTILE, HOSTILE_CLAIM

MARKS = {
    1: Mark("/bronnen/jansen-2004?van=0&tot=9#citaat", "Jansen 2004, Het NAV-model", "bron-1-1"),
    2: Mark("/kaarten/vertrouwen#3", 'Een "bron" <b>& meer', "bron-1-2"),
}
ALLOWED = {
    "blockquote": set(),
    "p": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "strong": set(),
    "em": set(),
    "br": set(),
}
LINK = {"class", "href", "data-noot", "aria-label"}

PIECES = st.sampled_from(
    [
        *("[1]", "[2]", "[3]", "\\[1]", "[1](", "![1](", "[1]: ", "[^1]", "[", "]", "(", ")", "\\", "!"),
        *("<b>", "</p>", "<a href=", "<script>", "<!--", "-->", "<![CDATA[", "<?", "&lt;", "&#60;", "&", '"'),
        *("<https://x.example>", "https://x.example", "www.x.example", "a@b.example", "javascript:alert(1)"),
        *(
            "# ",
            "## ",
            "---",
            "===",
            "> ",
            "- ",
            "+ ",
            "* ",
            "1. ",
            "12) ",
            "    ",
            "\t",
            "| a | b |",
            "|---|",
        ),
        *("*", "**", "***", "_", "__", "~~", "`", "```", "```html", "$$", ":::", "{{", "${", "x", " ", "é"),
        *("\n", "\n\n", "  \n", "\\\n", "\r", "\r\n", "\x00", "\x0b", "\u2028", "\u202e", "\u200b", "\ud800"),
    ]
)
HOSTILE_TEXT = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def html(markdown: str, marks: dict[int, Mark] | None = None) -> Element:
    return read(answer_html(markdown, MARKS if marks is None else marks))


def shown(markdown: str) -> str:
    """Return what a reader sees of a text, if nothing in it is more than text."""
    found = html(markdown)
    assert {one.tag for one in found.all} <= {"p", "br"}
    return found.words


# ── Whatever comes ───────────────────────────────────────────────────────────


@given(HOSTILE_TEXT)
@example(HOSTILE)
@example(NASTY)
@example(HOSTILE_CLAIM.claim.text)
def test_no_text_becomes_more_than_paragraphs_lists_emphasis_and_the_marks_that_were_given(
    text: str,
) -> None:
    links = {(mark.link, mark.target, f"[{n}] {mark.name}", f"[{n}]") for n, mark in MARKS.items()}
    for one in html(text).all:
        if one.tag != "a":
            assert one.attributes.keys() <= ALLOWED[one.tag]
            continue
        assert one.attributes.keys() == LINK
        assert one.attributes["class"] == "noot"
        given_to = (one.attributes["href"], one.attributes["data-noot"], one.attributes["aria-label"])
        assert (*given_to, one.text) in links


@given(HOSTILE_TEXT)
@example(HOSTILE)
def test_without_evidence_nothing_links(text: str) -> None:
    assert html(text, {}).find("a") == []


@given(HOSTILE_TEXT)
@example(HOSTILE)
@example(NASTY)
@example("\\\\[1]")
def test_what_a_claim_says_never_becomes_a_mark(text: str) -> None:
    """Claims are made inert before their marks are put behind them."""
    assert html(inert(text)).find("a") == []


@given(link=st.text(), name=st.text(), target=st.text())
@example(link='"><script>', name="' onfocus='x", target="</a><img src=x onerror=y>")
def test_where_a_mark_leads_and_what_it_stands_for_are_text_too(link: str, name: str, target: str) -> None:
    found = read(answer_html("Zin. [1]", {1: Mark(link, name, target)}))
    assert [one.tag for one in found.all] == ["p", "a"]
    assert set(found.only("a").attributes) == LINK
    assert (
        "<"
        not in answer_html("Zin. [1]", {1: Mark(link, name, target)})[len("<p>Zin. <a") : -len("</a></p>\n")]
    )


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs"]), min_size=1), min_size=1))
def test_no_word_is_lost(words: list[str]) -> None:
    text = "x " + " ".join(words)
    assert html(text).words == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "*" * 20_000,
        "- " * 10_000,
        "**a" * 7_000,
        "\\[" * 10_000,
        "[1]" * 5_000,
        "1. a\n" * 4_000,
        "_a*" * 7_000,
    ],
    ids=lambda text: text[:6],
)
def test_no_text_keeps_others_waiting(text: str) -> None:
    begun = time.process_time()
    html(text)
    assert time.process_time() - begun < 5


# ── What has no meaning here ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        '<script>window.geraakt=1</script> <img src="//x.example" onerror="y"> <b onclick=z>vet</b>',
        "<!-- weg --> <!DOCTYPE html> <?php ?> <![CDATA[x]]> </p></div></article>",
        "&lt;b&gt; &#60;b&#62; &amp; &copy; &quot;",
        "[klik](https://x.example) [klik](javascript:alert(1)) [klik][ref]",
        "![beeld](https://x.example/a.png) ![beeld][ref]",
        "<https://x.example> https://x.example www.x.example <a@b.example> a@b.example",
        "javascript:alert(1) data:text/html,x vbscript:x",
        "# Kop",
        "###### Kop",
        "> Citaat",
        "`code` ``co`de``",
        "~~weg~~ ==merk== H~2~O x^2^",
        "$$x$$ $x$ {{value}} ${x} :smile:",
        "--- *** ___",
        "+ geen lijst zonder witruimte is+",
        "[^1] [x] [ ] [1a] [1234] [-1] [ 1 ] [] [9]",
    ],
)
def test_what_is_no_text_elsewhere_is_text_here(text: str) -> None:
    assert shown(f"x {text}") == f"x {text}"


@pytest.mark.parametrize(
    "lines",
    [
        ["Titel", "==="],
        ["Titel", "---"],
        ["# Kop", "tekst"],
        ["```html", "<b>x</b>", "```"],
        ["~~~", "x", "~~~"],
        ["| a | b |", "|---|---|", "| 1 | 2 |"],
        ["<div>", "x", "</div>"],
        ["[x]: https://x.example", "[x]"],
        ["[^1]: noot", "x"],
        ["---", "x"],
        ["Term", ": uitleg"],
        ["::: warning", "x", ":::"],
    ],
    ids=lambda lines: lines[0],
)
def test_lines_that_are_a_block_elsewhere_are_lines_here(lines: list[str]) -> None:
    found = html("\n".join(lines))
    assert [one.tag for one in found.all] == ["p", *["br"] * (len(lines) - 1)]
    assert [line.strip() for line in found.text.strip().split("\n")] == lines


def test_indented_text_is_no_code() -> None:
    found = html("een\n\n      twee\n\n\tdrie")
    assert [(one.tag, one.text) for one in found.all] == [("p", "een"), ("p", "twee"), ("p", "drie")]


def test_the_number_of_a_list_is_a_number() -> None:
    assert html("7. zeven\n8. acht").only("ol").attributes == {"start": "7"}
    assert html('1"onclick="x. een').find("ol") == []


# ── What has a meaning ───────────────────────────────────────────────────────


def test_paragraphs_lists_lines_and_emphasis_stay() -> None:
    found = html("**Vet** en *schuin*.\nNieuwe regel\n\n- een\n- **twee**\n\n1. drie\n2. vier")
    tags = [one.tag for one in found.all]
    assert tags == ["p", "strong", "em", "br", "ul", "li", "li", "strong", "ol", "li", "li"]
    assert [one.text for one in found.find("strong")] == ["Vet", "twee"]
    assert [one.text for one in found.only("ol").find("li")] == ["drie", "vier"]


def test_a_quotation_stands_apart_with_the_lists_and_marks_in_it() -> None:
    found = html("The sources say:\n\n> Vertrouwen groeit. [1]\n>\n> - een\n> - twee\n\nThat is all.")
    tags = [one.tag for one in found.all]
    assert tags == ["p", "blockquote", "p", "a", "ul", "li", "li", "p"]
    assert found.only("blockquote").only("p").words == "Vertrouwen groeit. [1]"


@pytest.mark.parametrize("text", ["2 * 3 ** 4", "a_b_c en __init__x", "5* en 4*", "** los **"])
def test_a_lone_asterisk_or_underscore_is_a_character(text: str) -> None:
    assert shown(text) == text


def test_only_a_mark_with_evidence_links_and_the_others_are_text() -> None:
    found = html("Zin. [2][9][1] Nog een. [2]")
    assert found.words == "Zin. [2][9][1] Nog een. [2]"
    assert [one.text for one in found.find("a")] == ["[2]", "[1]", "[2]"]
    assert found.find("a")[0].attributes == {
        "class": "noot",
        "href": "/kaarten/vertrouwen#3",
        "data-noot": "bron-1-2",
        "aria-label": '[2] Een "bron" <b>& meer',
    }


def test_an_escaped_bracket_is_a_bracket_and_never_a_mark() -> None:
    found = html(r"Bewezen in \[2], zegt \<b> en \![1\](x). [2]")
    assert found.words == "Bewezen in [2], zegt <b> en ![1](x). [2]"
    assert [one.text for one in found.find("a")] == ["[2]"]


def test_a_backslash_before_a_backslash_escapes_no_bracket() -> None:
    found = html(r"a \\[1]")
    assert (found.words, len(found.find("a"))) == (r"a \[1]", 1)


def test_a_mark_is_no_link_or_image_with_what_follows_it() -> None:
    for text in ("[1](https://x.example)", "![1](https://x.example)", "[1]: https://x.example", "[[1]](/x)"):
        found = html(text)
        assert found.words == text
        assert [one.attributes["href"] for one in found.find("a")] == [MARKS[1].link]


def test_marks_stand_in_lists_and_bold_words_too() -> None:
    found = html("- **Een [1]**\n- *twee* [2]")
    assert [[one.text for one in item.find("a")] for item in found.find("li")] == [["[1]"], ["[2]"]]


def test_an_answer_of_the_assistant_s_reads_as_it_was_meant() -> None:
    marks = {number: Mark(f"/{number}", "x", f"bron-1-{number}") for number in (1, 2, 3)}
    found = html(render_claims(CLAIMS), marks)
    assert [one.tag for one in found.children if isinstance(one, Element)] == ["p", "p", "ul"]
    assert [one.text for one in found.find("strong")][:2] == [
        "Calculatief vertrouwen",
        "Relationeel vertrouwen",
    ]
    assert [one.text for one in found.find("a")] == ["[1]", "[2]", "[2]", "[3]", "[3]"]


def test_nothing_is_remembered_from_one_answer_to_the_next() -> None:
    assert html("Zin. [1]").find("a")
    assert html("Zin. [1]", {}).find("a") == []
    assert html("[x]: https://x.example").words == "[x]: https://x.example"
    assert html("[x]").find("a") == []
