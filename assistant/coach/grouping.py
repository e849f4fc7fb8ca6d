"""Who is shown together: each group has at least three respondents, so that nobody can be made out.

The groups divide all respondents: what is shown of groups adds up to what is shown of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import SMALLEST_GROUP, Group, Organisation, Submission

_Members = list[Organisation]


@dataclass(frozen=True, slots=True)
class Partition:
    """The groups, and the label of the group that each organisation with respondents is in."""

    groups: tuple[Group, ...]
    labels: Mapping[str, str]
    """By organisation id; empty, as the groups are, if there are too few respondents in all."""


def divide(
    organisations: Sequence[Organisation], submissions: Sequence[Submission], merged: str
) -> Partition:
    """Divide respondents into groups by organisation; small organisations are shown together.

    ``merged`` is the label of several organisations, with a place for their ``{namen}``.
    """
    counts = Counter(one.organisation_id for one in submissions)
    if counts.total() < SMALLEST_GROUP:
        return Partition((), {})
    parts = _parts([one for one in organisations if counts[one.id]], counts)
    groups = tuple(_group(part, counts, merged) for part in parts)
    labels = {one.id: group.label for part, group in zip(parts, groups, strict=True) for one in part}
    return Partition(groups, labels)


def is_traceable(counts: Collection[int]) -> bool:
    """Whether some group gave so few answers that they could be traced; none at all is nobody's."""
    return any(0 < count < SMALLEST_GROUP for count in counts)


def _parts(organisations: _Members, counts: Mapping[str, int]) -> list[_Members]:
    """Divide organisations so that each part has enough respondents; in the order of their first ones."""
    large = [[one] for one in organisations if counts[one.id] >= SMALLEST_GROUP]
    small = [one for one in organisations if counts[one.id] < SMALLEST_GROUP]
    if not small:
        return large
    if _size(small, counts) < SMALLEST_GROUP:
        smallest = min(large, key=lambda part: _size(part, counts))
        large.remove(smallest)
        small = small + smallest
    order = organisations.index
    parts = [*large, sorted(small, key=order)]
    return sorted(parts, key=lambda part: order(part[0]))


def _group(members: _Members, counts: Mapping[str, int], merged: str) -> Group:
    names = tuple(one.name for one in members)
    label = names[0] if len(names) == 1 else merged.format(namen=", ".join(names))
    return Group(label, names, _size(members, counts))


def _size(members: _Members, counts: Mapping[str, int]) -> int:
    return sum(counts[one.id] for one in members)
