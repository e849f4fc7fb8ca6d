"""A report and a brief with all that they can hold, and a catalogue that proves what they cite."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from assistant.answering.prompts import Texts
from assistant.domain import (
    Action,
    AgendaBlock,
    AgendaKind,
    AgendaPoint,
    Brief,
    Catalogue,
    CheckKind,
    ChosenAction,
    CitedText,
    ConditionResult,
    Evidence,
    Ground,
    Group,
    GroupScore,
    Hypothesis,
    Intervention,
    PartyQuestions,
    PhaseResult,
    PhaseShare,
    Remark,
    Report,
    Score,
    Source,
    Span,
    TensionResult,
    Trend,
)

PROMPTS = Path(__file__).parents[2] / "prompts"
TEXTS = Texts.read(PROMPTS / "publishing.yaml")
GROUPS = ("Gemeente Oosterveld", "Zorggroep De Linde", "Woonstichting Thuishaven en Buurtwerk Samen")

_QUOTED = Evidence("bron-a", "Groei van vertrouwen", "Vertrouwen groeit langzaam.", Span(0, 27), "vertrouwen")
_CARDED = Evidence("bron-b", "Fasen", "In het begin zoeken partners naar hun doel.", None, "formeren")

CATALOGUE = Catalogue(
    {
        "bron-a": Source(
            "bron-a", ("A. Auteur",), 2004, "Over vertrouwen", "", "nl", "©", "Auteur 2004", ("Groei",)
        ),
        "bron-b": Source(
            "bron-b", ("B. Bron",), 2023, "Over fasen", "", "nl", "©", "Bron & Zonen 2023", ("Fasen",)
        ),
    },
    {},
    {},
    {
        "vertrouwen#1": (_QUOTED,),
        "vertrouwen#2": (_QUOTED, Evidence("bron-b", "Herstel", "Herstel vraagt tijd.", None, "vertrouwen")),
        "formeren#1": (_CARDED,),
        "formeren#2": (Evidence("bron-b", "Fasen", "Zij leren elkaar kennen.", None, "formeren"),),
        "unproved#1": (),
    },
)

CHOSEN = (
    ChosenAction("reflecteren", "Elk kwartaal terugkijken", "Zorggroep De Linde", date(2025, 6, 1)),
    ChosenAction(
        "kennismaken", "Kennismaken op de werkvloer", "Gemeente Oosterveld", date(2025, 3, 31), True
    ),
)


def score(name: str, title: str, mean: float | None, *means: float, spread: float | None = 0.8) -> Score:
    """Return the score of something, with a mean for each of the groups."""
    groups = tuple(GroupScore(group, one, 4) for group, one in zip(GROUPS, means, strict=False))
    spread = None if mean is None else spread
    return Score(name, title, mean, spread, 11 if mean else 2, groups, "" if mean is None else "voldoende")


def a_report() -> Report:
    """Return the report of a second round with three partners and eleven respondents."""
    return Report(
        "c1",
        "Wijkalliantie Oosterveld",
        CheckKind.FULL,
        2,
        "2025-1",
        datetime(2025, 3, 3, 16, 30, tzinfo=UTC),
        11,
        (
            *(Group(name, (name,), 4) for name in GROUPS[:2]),
            Group(GROUPS[2], ("Woonstichting Thuishaven", "Buurtwerk Samen"), 3),
        ),
        (_boonstra(), _jansen(), _nav()),
        _conditions(),
        _tensions(),
        _agenda(),
        (
            _action("reflecteren", "Elk kwartaal terugkijken"),
            _action("kennismaken", "Kennismaken op de werkvloer"),
        ),
        (
            Remark("vertrouwen-1", "Partners houden zich aan afspraken", "Dat gaat de laatste tijd beter."),
            Remark("open-1", "Waar bent u trots op?", "Dat we het buurthuis samen openden.\nEn op de buren."),
        ),
        _trends(),
        "Deze gezondheidscheck is een gesprekshulp, geen gevalideerde test.",
    )


def a_small_report() -> Report:
    """Return the report of a check that too few people answered."""
    too_few = ConditionResult(score("vertrouwen", "Vertrouwen", None), ())
    nowhere = PhaseResult("boonstra", "Vier fasen", (), None, False, "Er zijn te weinig antwoorden.", (), ())
    return Report(
        "c2",
        "Duo",
        CheckKind.FULL,
        1,
        "2025-1",
        datetime(2025, 3, 3, tzinfo=UTC),
        2,
        (),
        (nowhere,),
        (too_few,),
        (),
        (),
        (),
        (),
        (),
        "Geen gevalideerde test.",
    )


def a_brief() -> Brief:
    """Return a brief of three hypotheses and three interventions."""
    own = CitedText("Vraag ieder om een voorval, geen oordeel.")
    proved = CitedText("Partners zoeken in het begin naar hun doel.", ("formeren#1", "vertrouwen#2"))
    return Brief(
        "Briefing Wijkalliantie Oosterveld",
        "Drie partners begonnen vorig jaar met een zorgvuldig contract.\nSindsdien ligt het stil: men stuurt "
        "elkaar rapporten, maar niemand belt.",
        (
            Hypothesis("formeren", "Formeren", True, 0.7, proved, (proved, own), (own,)),
            Hypothesis("vertrouwen-en-controle", "Vertrouwen en controle", False, 0.5, proved, (proved,), ()),
            Hypothesis("funderen", "Funderen", True, 0.3, proved, (own,), (proved,)),
        ),
        tuple(_intervention(name) for name in ("Drijfverengesprek", "Bijdragenwand", "Terugblik")),
        (
            PartyQuestions("Gemeente Oosterveld", (CitedText("Wanneer ging dit u raken?"), proved)),
            PartyQuestions("Zorggroep De Linde", (CitedText("Wat stelt u uit te zeggen?"),)),
        ),
        (
            AgendaBlock("Aankomst", 15, CitedText("Ieder vertelt waarom dit telt.")),
            AgendaBlock("Het gesprek", 60, proved),
            AgendaBlock("Afspraken", 15, CitedText("Wie doet wat, en wanneer?")),
        ),
        ("De brief kent alleen wat er beschreven is.", "Wie niet sprak, komt er niet in voor."),
    )


def _boonstra() -> PhaseResult:
    shares = (("Formeren", 0.46), ("Funderen", 0.38), ("Evolueren", 0.12), ("Transformeren", 0.04))
    settling = (
        CitedText("Zijn er het laatste jaar leden bij gekomen? Dan is het funderen.", ("formeren#2",)),
        CitedText("Praten de partners vooral over hun bedoelingen? Dan is het formeren."),
    )
    return PhaseResult(
        "boonstra",
        "Boonstra: vier fasen",
        _shares(shares),
        "Formeren",
        True,
        "De antwoorden wijzen vooral op formeren, met sporen van funderen.",
        _grounds(),
        settling,
    )


def _jansen() -> PhaseResult:
    names = (
        "Startfase: schuren en ontwerpen",
        "Ontwikkelfase: ontdekken en leren",
        "Productieve fase: productiviteit en meerwaarde",
    )
    shares = tuple(zip(names, (0.18, 0.64, 0.18), strict=True))
    return PhaseResult(
        "jansen",
        "Jansen: drie fasen",
        _shares(shares),
        names[1],
        False,
        "De alliantie zit in de ontwikkelfase.",
        _grounds()[:1],
        (),
    )


def _nav() -> PhaseResult:
    shares = (("Kennismaking", 0.34), ("Bevestiging", 0.33), ("Uitvoer en afsluiting", 0.33))
    return PhaseResult(
        "de-beuk",
        "De Beuk: NAV-model",
        _shares(shares),
        None,
        False,
        "Hierover valt niets te zeggen.",
        (),
        (),
    )


def _shares(shares: tuple[tuple[str, float], ...]) -> tuple[PhaseShare, ...]:
    return tuple(PhaseShare(name, name, share) for name, share in shares)


def _grounds() -> tuple[Ground, ...]:
    return (
        Ground("fase-1", "Wij zoeken nog naar wat ons verbindt.", 4.2, ("formeren#1",)),
        Ground("fase-2", "Het aantal leden groeit.", 3.9, ("formeren#2", "formeren#1")),
    )


def _conditions() -> tuple[ConditionResult, ...]:
    titles = {
        "ambitie": ("Ambitie en waarden", 3.9, (4.2, 3.8, 3.7)),
        "vertrouwen": ("Vertrouwen", 3.1, (4.1, 2.9, 2.2)),
        "besturing": ("Besturing en afspraken", 2.6, (2.6, 2.6, 2.6)),
        "samenspel": ("Samenspel en verschillen", 3.4, (3.5, 3.4, 3.2)),
        "leren": ("Leren en vernieuwen", 2.1, ()),
    }
    return tuple(
        ConditionResult(
            score(name, title, mean, *means),
            (
                *(
                    score(f"{name}-{n}", f"Uitspraak {n} over {title.lower()}.", mean, *means)
                    for n in range(1, 6)
                ),
                score(f"{name}-6", "Een uitspraak die bijna niemand wilde beantwoorden.", None),
            ),
        )
        for name, (title, mean, means) in titles.items()
    )


def _tensions() -> tuple[TensionResult, ...]:
    return (
        TensionResult(
            score("t1", "Vertrouwen en controle", -0.9, -1.5, -0.8, -0.2),
            "vertrouwen-en-controle",
            "Vertrouwen",
            "Controle",
            "De alliantie leunt op vertrouwen.",
        ),
        TensionResult(
            score("t2", "Stabiliteit en wendbaarheid", 0.0, 0.1, -0.1, 0.0, spread=1.3),
            "stabiliteit-en-wendbaarheid",
            "Stabiliteit, met vaste afspraken en rollen",
            "Wendbaarheid, met ruimte om te veranderen",
            "Beide kanten krijgen evenveel ruimte.",
        ),
        TensionResult(
            score("t3", "Inhoud en proces", None), "inhoud-en-proces", "Inhoud", "Proces", "Te weinig."
        ),
    )


def _agenda() -> tuple[AgendaPoint, ...]:
    return (
        AgendaPoint(
            AgendaKind.GAP,
            "vertrouwen",
            "Vertrouwen",
            "Gemeente Oosterveld geeft 4,1, een andere groep 2,2.",
            "Wat ziet u dat de ander niet ziet?",
            ("vertrouwen#1",),
        ),
        AgendaPoint(
            AgendaKind.SPREAD,
            "ambitie-2",
            "De ambitie is van ons allen",
            "De antwoorden lopen van 1 tot 5.",
            "Wat bedoelt ieder met ‘van ons’?",
            (),
        ),
        AgendaPoint(
            AgendaKind.LOW,
            "leren",
            "Leren en vernieuwen",
            "Allen samen geven 2,1.",
            "Wanneer leerde u voor het laatst iets van elkaar?",
            ("vertrouwen#2", "formeren#1"),
        ),
    )


def _action(name: str, title: str) -> Action:
    return Action(
        name,
        title,
        "Kijk elk kwartaal samen terug op wat goed ging en wat schuurde.",
        ("vertrouwen#2",),
        "Plan het eerste uur in deze maand.",
        "Partners noemen uit zichzelf wat zij anders doen.",
        ("leren-1",),
    )


def _trends() -> tuple[Trend, ...]:
    sentence = "Dit valt binnen de ruis."
    return (
        Trend("ambitie", "Ambitie en waarden", ((1, 3.1), (2, 3.9)), 0.4, "Dit is gestegen."),
        Trend("vertrouwen", "Vertrouwen", ((1, 3.0), (2, 3.1)), 0.4, sentence),
        Trend("besturing", "Besturing en afspraken", ((1, 3.4), (2, 2.6)), 0.4, "Dit is gedaald."),
        Trend("samenspel", "Samenspel en verschillen", ((1, 3.3), (2, 3.4)), 0.4, sentence),
        Trend("leren", "Leren en vernieuwen", ((2, 2.1),), 0.4, "Er is nog niets om mee te vergelijken."),
    )


def _intervention(title: str) -> Intervention:
    own = CitedText(
        "0–20 minuten. Maak tweetallen over de organisaties heen. Ieder vertelt, de ander vraagt door."
    )
    proved = CitedText("Kijk ook nuchter naar elkaars bijdrage.", ("vertrouwen#1",))
    return Intervention(
        title.lower(),
        title,
        CitedText("Partners nemen tijd voor vertrouwen.", ("vertrouwen#2",)),
        "90 minuten",
        "Twee tot vier mensen per partner.",
        (own, proved, own),
        (CitedText("Iemand houdt een verkooppraatje. Vraag dan wanneer het was."), proved),
        CitedText("Een partner heeft net ontdekt dat de ander iets verzweeg."),
        CitedText("In de pauze praten mensen met de ander verder."),
    )
