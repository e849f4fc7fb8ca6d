"""HTML: the text that a reader of the page sees, without scripts, menus, and what is hidden.

The only module that knows selectolax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.documents.blocks import TURN, Block, build_block

_SCRIPTS = frozenset({"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "canvas"})
_SURROUNDINGS = frozenset({"head", "nav", "footer", "aside", "form", "dialog", "menu"})
_CONTROLS = frozenset({"button", "select", "input", "textarea", "datalist", "audio", "video", "embed"})
_NEVER = _SCRIPTS | _SURROUNDINGS | _CONTROLS
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu"})
_BLOCKS = re.compile(
    r"h[1-6]|p|div|br|hr|li|[uod]l|d[td]|tr|table|t(?:head|body|foot)|caption|pre|blockquote|address|body|html"
    r"|main|article|section|header|hgroup|figure|figcaption|details|summary|center|fieldset|legend|title"
)
"""What begins a line of its own; anything else stands within one."""
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_HEADING = re.compile(r"h([1-6])")
_LEAST_MAIN = 0.3
"""The share of the text that ``main`` holds at least, if it is what the page is about."""
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]{2,40})",
    re.IGNORECASE,
)


def declared_charset(content: bytes) -> str | None:
    """Return the encoding that a page says it has."""
    found = _DECLARED.search(content[:4096])
    return (found[1] or found[2]).decode("ascii") if found else None


def read_page(text: str) -> tuple[str | None, Iterator[Block]]:
    """Return the title of a page, if it has one, and its headings and paragraphs."""
    parser = LexborHTMLParser(text)
    title = parser.css_first("head > title")
    body = _main(parser)
    return (title.text() if title else None), _blocks(body) if body else iter(())


def html_blocks(text: str) -> Iterator[Block]:
    """Yield the headings and paragraphs of a piece of HTML."""
    yield from read_page(text)[1]


def _main(parser: LexborHTMLParser) -> LexborNode | None:
    """Return the part that the page is about: ``main``, the only ``article``, or all of it."""
    body = parser.body or parser.root
    whole = len(body.text()) if body else 0
    for query in ("main", "[role=main]", "article"):
        found = parser.css(query)
        if len(found) == 1 and len(found[0].text()) >= _LEAST_MAIN * whole:
            return found[0]
    return body


def _blocks(top: LexborNode) -> Iterator[Block]:
    pieces: list[str] = []
    level = 0
    for node, is_leaving in _walk(top):
        tag = node.tag or ""
        if tag == "-text":
            pieces.append(node.text_content or "")
        elif tag in _CELLS:
            pieces.append(" | " if is_leaving else "")
        elif _BLOCKS.fullmatch(tag):
            yield from _block(pieces, level)
            pieces.clear()
            heading = _HEADING.fullmatch(tag)
            level = int(heading[1]) if heading and not is_leaving else 0
    yield from _block(pieces, level)


def _block(pieces: list[str], level: int) -> Iterator[Block]:
    text = "".join(pieces).replace(TURN, " ").strip("| \t\n")
    if text:
        yield build_block(text, level)


def _walk(top: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node that a reader sees, and each element again when it is left.

    Without recursion: how deep the tree is, is up to whoever made it.
    """
    ahead = [(top, False)]
    while ahead:
        node, is_leaving = ahead.pop()
        if is_leaving or _is_seen(node):
            yield node, is_leaving
            if not is_leaving and node.tag != "-text":
                ahead.append((node, True))
                ahead.extend((child, False) for child in reversed(list(node.iter(include_text=True))))


def _is_seen(node: LexborNode) -> bool:
    tag = node.tag
    if tag == "-text":
        return True
    if tag is None or tag.startswith("-") or tag in _NEVER:
        return False
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return False
    return not _HIDDEN.search(attributes.get("style") or "")
