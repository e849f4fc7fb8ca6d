"""What a chart shows in words, for who can't see it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import ConditionResult, PhaseResult, PhaseShare, Score, TensionResult, Trend
from assistant.publishing.wording import Texts, decimal, figure, percentage


def likely_phases(result: PhaseResult) -> tuple[PhaseShare, ...]:
    """Return where an alliance seems to be: one phase, two if that is doubtful, or none at all."""
    if result.leading is None:
        return ()
    rest = [one for one in result.shares if one.phase != result.leading]
    leading = [one for one in result.shares if one.phase == result.leading]
    second = sorted(rest, key=lambda one: one.share, reverse=True)[: int(result.is_doubtful)]
    return (*leading, *second)


def describe_phases(result: PhaseResult, texts: Texts) -> str:
    """Say how the phases of one model share in what people see, and where the alliance seems to be."""
    shares = (
        texts.render("alt_phase_share", name=one.name, share=percentage(one.share)) for one in result.shares
    )
    place = _place([one.name for one in likely_phases(result)], texts)
    return texts.render("alt_phase", title=result.title, shares=", ".join(shares), place=place)


def describe_profile(conditions: Sequence[ConditionResult], texts: Texts) -> str:
    """Say how each condition scores, all together and by group."""
    rows = " ".join(_describe_score(one.score, texts) for one in conditions)
    return texts.render("alt_profile", rows=rows)


def describe_tensions(tensions: Sequence[TensionResult], texts: Texts) -> str:
    """Say to which pole each tension tilts and how far, all together and by group."""
    rows = " ".join(_describe_tension(one, texts) for one in tensions)
    return texts.render("alt_tensions", rows=rows)


def describe_trends(trends: Sequence[Trend], texts: Texts) -> str:
    """Say how each condition scored in each round."""
    return texts.render("alt_trend", rows=" ".join(_describe_trend(one, texts) for one in trends))


def _place(names: Sequence[str], texts: Texts) -> str:
    if not names:
        return texts.render("alt_phase_unknown")
    if len(names) == 1:
        return texts.render("alt_phase_here", name=names[0])
    return texts.render("alt_phase_maybe", first=names[0], second=names[1])


def _describe_score(score: Score, texts: Texts) -> str:
    if score.mean is None:
        return texts.render("alt_few", title=score.title)
    groups = (texts.render("alt_group", group=one.group, mean=decimal(one.mean)) for one in score.groups)
    return texts.render(
        "alt_profile_row",
        title=score.title,
        everyone=texts.render("everyone"),
        mean=decimal(score.mean),
        spread=figure(score.spread, texts),
        groups="".join(groups),
    )


def _describe_tension(tension: TensionResult, texts: Texts) -> str:
    if tension.score.mean is None:
        return texts.render("alt_few", title=tension.score.title)
    groups = (
        texts.render("alt_group", group=one.group, mean=_tilt(tension, one.mean, texts))
        for one in tension.score.groups
    )
    return texts.render(
        "alt_tensions_row",
        left=tension.left,
        right=tension.right,
        everyone=texts.render("everyone"),
        mean=_tilt(tension, tension.score.mean, texts),
        groups="".join(groups),
    )


def _tilt(tension: TensionResult, mean: float, texts: Texts) -> str:
    if not round(mean, 1):
        return texts.render("alt_middle")
    pole = tension.right if mean > 0 else tension.left
    return texts.render("alt_tilt", distance=decimal(abs(mean)), pole=pole)


def _describe_trend(trend: Trend, texts: Texts) -> str:
    rounds = (
        texts.render("alt_trend_round", round=number, mean=decimal(mean)) for number, mean in trend.rounds
    )
    return texts.render("alt_trend_row", title=trend.title, rounds=", ".join(rounds), sentence=trend.sentence)
