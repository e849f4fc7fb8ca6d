"""HTML, read into elements: to look at what stands in it, rather than at how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass
class Element:
    """An element with its attributes, and what it holds in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its text, as it is."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def words(self) -> str:
        """All its text, with white space as a reader sees it."""
        return " ".join(self.text.split())

    @property
    def all(self) -> Iterator[Element]:
        """All elements in it, in the order in which they begin."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.all

    def find(self, tag: str = "", **attributes: str | None) -> list[Element]:
        """Return the elements with a tag and attributes; ``None`` for any value, ``_`` for a hyphen.

        Of a class, one of several is enough.
        """
        asked = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [one for one in self.all if tag in ("", one.tag) and one._has(asked)]

    def only(self, tag: str = "", **attributes: str | None) -> Element:
        """Return the one element that there is."""
        found = self.find(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def _has(self, asked: dict[str, str | None]) -> bool:
        for name, value in asked.items():
            has = self.attributes.get(name)
            if has is None or (value is not None and value != has and not _is_class(name, value, has)):
                return False
        return True


def read(markup: str) -> Element:
    """Return a root with the elements of a piece of HTML, each of which is closed as it should be."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    assert [one.tag for one in reader.open] == ["root"], "an element is never closed"
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute of {tag} stands there twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"{tag} is closed where it isn't open"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a section: {data}")


def _is_class(name: str, value: str, has: str) -> bool:
    return name == "class" and value in has.split()
