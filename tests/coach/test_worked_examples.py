"""Situations that the texts describe, answered as the people in them would, and what the texts advise.

What a check must give is derived from the texts, in the docstring of each test.
Statements that a situation says nothing of get 3, and statements on the phase 2.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain import AgendaKind, Report
from tests.coach.checks import profile, report_of


def _report(seen: Iterable[str] = (), **scores: int) -> Report:
    """Two partners of three people who all answer alike."""
    people = [profile((), seen, **scores)] * 3
    return report_of(people, people)


def _phase(report: Report, model: str) -> str | None:
    """Return the phase that leads in a model and isn't doubtful."""
    (found,) = (one for one in report.phases if one.model == model)
    return None if found.is_doubtful else found.leading


def _grounds(report: Report, model: str) -> set[str]:
    (found,) = (one for one in report.phases if one.model == model)
    return {one.item_id for one in found.decided_by}


def _suggested(report: Report) -> list[str]:
    return [one.id for one in report.suggestions]


def _tilt(report: Report, tension: str) -> tuple[float | None, str]:
    (found,) = (one for one in report.tensions if one.score.id == tension)
    return found.score.mean, found.sentence


def test_dell_and_getronics_must_put_on_paper_what_they_left_to_the_relationship() -> None:
    """Jansen: relational trust came first, and calculative trust got too little attention.

    The dip in the market showed it. They then went through the phases after all: what was missed is
    the second, in which partners write down how they divide the proceeds and what to do when somebody
    is dissatisfied. So: people trust each other's intentions (5), business agreements were raised too
    late (1), nothing was agreed on proceeds or discontent (1), the dip hurt (2), talk is of contracts now.
    """
    report = _report(
        ["fase-zekerheden-bespreken", "fase-besturing-vastleggen"],
        vertrouwen_bedoelingen=5,
        vertrouwen_betrouwbaar=5,
        vertrouwen_persoonlijk=5,
        vertrouwen_zakelijk=1,
        vertrouwen_stootje=2,
        besturing_opbrengst=1,
        besturing_ontevreden=1,
        vertrouwen_en_controle=-2,
    )
    assert _phase(report, "jansen") == "bevestiging"
    assert _grounds(report, "jansen") >= {"fase-zekerheden-bespreken", "fase-besturing-vastleggen"}
    assert _suggested(report)[0] == "zakelijke-afspraken-vastleggen"
    lowest = {one.item_id for one in report.agenda if one.kind is AgendaKind.LOW}
    assert lowest >= {"vertrouwen-zakelijk", "besturing-opbrengst", "besturing-ontevreden"}


def test_coffee_along_the_motorway_is_getting_acquainted_in_all_three_models() -> None:
    """Jansen: at first people talk a lot over coffee and sound each other out; the relation comes first.

    Boonstra's forming and De Beuk's start have the same signs: getting to know each other around an
    ambition. What helps is time for personal trust, of which there is little yet (2).
    """
    report = _report(
        ["fase-leren-kennen", "fase-ambitie-bespreken"], vertrouwen_persoonlijk=2, vertrouwen_bedoelingen=2
    )
    assert _phase(report, "jansen") == "kennismaking"
    assert _phase(report, "boonstra") == "formeren"
    assert _phase(report, "de-beuk") == "startfase"
    assert _suggested(report)[0] == "tijd-voor-persoonlijk-vertrouwen"


def test_an_alliance_that_grows_is_founding_and_takes_new_members_along() -> None:
    """Boonstra: when founding, members join, an identity is sought and governance takes shape.

    New members have to understand the dream of the founders and believe in it. Here they don't (1).
    """
    report = _report(["fase-identiteit-zoeken", "fase-besturing-vastleggen"], ambitie_nieuwkomers=1)
    assert _phase(report, "boonstra") == "funderen"
    assert _suggested(report)[0] == "nieuwe-leden-meenemen"


def test_who_attends_to_the_process_alone_is_sent_to_tangible_results() -> None:
    """Boonstra: content means attainable goals, and results that are measured and celebrated.

    The slider is wholly on cooperating itself (2): nobody looks into what went well (2).
    """
    report = _report(
        ["fase-identiteit-zoeken", "fase-besturing-vastleggen"],
        inhoud_en_proces=2,
        leren_successen=2,
        ambitie_haalbaar=2,
    )
    mean, sentence = _tilt(report, "inhoud-en-proces")
    assert mean == 2.0
    assert "Het samenwerken zelf" in sentence
    assert _suggested(report)[0] == "nagaan-wat-resultaat-oplevert"


def test_an_ambition_beyond_capacity_asks_for_what_is_attainable() -> None:
    """Boonstra: a mission that the capacities can't bear gives rise to disbelief.

    Consolidating takes time to see what is attainable. Here people only go forward (2), the ambition
    doesn't fit (1) and it is fading (2): rather take stock of results than raise the bar.
    """
    report = _report(consolideren_en_co_creeren=2, ambitie_haalbaar=1, ambitie_levend=2)
    suggested = _suggested(report)
    assert suggested.index("nagaan-wat-resultaat-oplevert") < suggested.index("lat-op-de-grens-leggen")
    assert report.agenda[0].item_id == "ambitie-haalbaar"


def test_an_ambition_that_asks_too_little_asks_for_a_higher_bar() -> None:
    """Boonstra: without a challenge there is disillusion; the bar lies at the edge of what people can do.

    Wholly on standing still (-2), the ambition fits easily (5), and it is dead (1).
    """
    report = _report(consolideren_en_co_creeren=-2, ambitie_haalbaar=5, ambitie_levend=1)
    suggested = _suggested(report)
    assert "lat-op-de-grens-leggen" in suggested
    assert "nagaan-wat-resultaat-oplevert" not in suggested


def test_a_changing_environment_is_transforming_and_calls_for_the_ambition_again() -> None:
    """Boonstra: when transforming, an alliance renews itself and may need another set-up and new partners.

    What helps is to bring members together, to look at the ambition again and to discuss the reason. Members
    cling to what they are (-2), adapt with difficulty (1), and the ambition is fading (2).
    """
    report = _report(
        ["fase-meebewegen", "fase-andere-opzet"],
        stabiliteit_en_wendbaarheid=-2,
        leren_aanpassen=1,
        ambitie_levend=2,
    )
    assert _phase(report, "boonstra") == "transformeren"
    assert _grounds(report, "boonstra") >= {"fase-meebewegen", "fase-andere-opzet"}
    assert _suggested(report)[0] == "ambitie-opnieuw-bekijken"


def test_trust_with_few_controls_is_execution_in_which_calculation_must_not_vanish() -> None:
    """Jansen: in the end the relation carries most, with fewer checks, more learning and sharing.

    Calculative trust should stay, though. Trust is high (5) while nothing says what to do about
    discontent (1): agreements are suggested, building the relation isn't.
    """
    report = _report(
        ["fase-leren-van-elkaar", "fase-kennis-benutten"],
        vertrouwen_bedoelingen=5,
        vertrouwen_betrouwbaar=5,
        vertrouwen_stootje=5,
        leren_kennis=5,
        besturing_ontevreden=1,
        vertrouwen_en_controle=-2,
    )
    assert _phase(report, "jansen") == "uitvoer-en-afsluiting"
    assert _tilt(report, "vertrouwen-en-controle")[0] == -2.0
    assert _suggested(report)[0] == "zakelijke-afspraken-vastleggen"
    assert "relationeel-vertrouwen-opbouwen" not in _suggested(report)


def test_who_keeps_analysing_the_other_when_forming_takes_time_for_personal_trust() -> None:
    """Boonstra: analysing for long makes people wonder about trust, and crowds out the attraction.

    In the beginning, time for personal trust and room for motives are essential.
    """
    report = _report(
        ["fase-leren-kennen", "fase-ambitie-bespreken"],
        gevoel_en_analyse=2,
        vertrouwen_persoonlijk=1,
        vertrouwen_informatie=5,
    )
    assert _phase(report, "boonstra") == "formeren"
    assert _suggested(report)[0] == "tijd-voor-persoonlijk-vertrouwen"


def test_who_goes_by_feeling_alone_when_forming_makes_contributions_visible() -> None:
    """Boonstra: feeling alone may disappoint when partners turn out to have little to offer each other.

    So contributions have to be made visible; here they can't be seen (1) and little is known (2).
    """
    report = _report(
        ["fase-leren-kennen", "fase-ambitie-bespreken"],
        gevoel_en_analyse=-2,
        vertrouwen_persoonlijk=5,
        vertrouwen_bedoelingen=5,
        samenspel_bijdragen=1,
        vertrouwen_informatie=2,
    )
    assert _suggested(report)[0] == "ieders-bijdrage-zichtbaar-maken"
    assert "tijd-voor-persoonlijk-vertrouwen" not in _suggested(report)


def test_discovering_differences_is_the_second_phase_of_de_beuk_and_wants_a_learning_agenda() -> None:
    """De Beuk: discovering and learning; one sees differences, and draws up a learning agenda and reflects.

    Nobody stops to reflect yet (1), and little knowledge is shared (2).
    """
    report = _report(
        ["fase-verschillen-ontdekken", "fase-leren-van-elkaar"], leren_stilstaan=1, leren_kennis=2
    )
    assert _phase(report, "de-beuk") == "ontwikkelfase"
    assert _suggested(report)[0] == "leeragenda-opstellen"


def test_a_struggle_under_the_table_at_the_start_is_brought_to_the_table() -> None:
    """De Beuk: at the start content is on the table and the struggle below it.

    Content gets all the attention (-2) and tensions aren't spoken of (1): make them discussable.
    """
    report = _report(
        ["fase-leren-kennen", "fase-ambitie-bespreken"], inhoud_en_proces=-2, samenspel_spanningen=1
    )
    assert _phase(report, "de-beuk") == "startfase"
    assert _suggested(report)[0] == "spanningen-bespreken"
    assert report.agenda[0].item_id == "samenspel-spanningen"


def test_added_value_without_contradiction_wants_contradiction() -> None:
    """De Beuk: in the productive phase value takes shape, one uses strengths and organises contradiction.

    Value is seen, strengths are used, and nobody contradicts (1).
    """
    report = _report(["fase-meerwaarde-zichtbaar", "fase-kennis-benutten"], leren_tegenspraak=1)
    assert _phase(report, "de-beuk") == "productieve-fase"
    assert _suggested(report)[0] == "tegenspraak-organiseren"


def test_partners_who_see_two_phases_get_a_question_for_each() -> None:
    """Jansen: first people sound each other out (kennismaking), then they write it down (bevestiging).

    One partner is still at the first, the other at the second. What settles it is whether talks are
    meant for getting acquainted, and whether the division of proceeds is being written down.
    """
    report = report_of(
        [profile(seen=["fase-leren-kennen", "fase-ambitie-bespreken"])] * 3,
        [profile(seen=["fase-besturing-vastleggen", "fase-zekerheden-bespreken"])] * 3,
    )
    (jansen,) = (one for one in report.phases if one.model == "jansen")
    assert jansen.is_doubtful
    assert [one.text.split()[-1] for one in jansen.settling] == ["tasten?", "oplevert?"]
