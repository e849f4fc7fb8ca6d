"""The report says what was measured, keeps the test split's texts to itself, and is the same twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from evals.report.writing import summarize, write_report
from evals.results import Report
from tests.evals.report.reports import full_report, own_report, part


@pytest.fixture(scope="module")
def markdown(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    return write_report(full_report(), folder).read_text(encoding="utf-8")


def section(markdown: str, title: str) -> str:
    """Return what stands under a heading, up to the next one of its rank or above."""
    rank = title.partition(" ")[0]
    _, _, rest = markdown.partition(f"\n{title}\n")
    assert rest, title
    return re.split(rf"^#{{2,{len(rank)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def test_the_path_of_the_markdown_is_returned_and_all_that_it_shows_is_there(tmp_path: Path) -> None:
    path = write_report(full_report(), tmp_path, "meting")
    assert path == tmp_path / "meting.md"
    shown = re.findall(r"\]\((\S+?\.(?:svg|json))\)", path.read_text(encoding="utf-8"))
    assert len(shown) == 9  # four plots for either way, and the numbers
    assert all((tmp_path / name).is_file() for name in shown)
    assert len(list((tmp_path / "meting").iterdir())) == len(shown)


def test_the_head_names_command_commit_settings_and_versions(markdown: str) -> None:
    head = markdown.partition("## Hoe u dit leest")[0]
    assert "`python -m evals`" in head
    assert "`0a1b2c3+`" in head
    assert "| gewicht van de vectoren | 0.6 |" in head
    assert "| chromadb | 1.5.9 |" in head
    assert "Testset, kaarten: 9 van de 14 gemeten doelen gehaald." in head


def test_the_targets_stand_beside_what_was_measured(markdown: str) -> None:
    rows = section(markdown, "## Gehaald of niet").splitlines()
    assert "testset, kaarten | testset, kaarten en teksten | ontwikkelset, kaarten |" in rows[1]
    assert any("nDCG@10 | ≥ 0,96 | 0,957 ✗ |" in row for row in rows)
    assert any("recall@5 | ≥ 0,985 | 0,987 ✓ |" in row for row in rows)
    assert any("Langste antwoord, in woorden | ≤ 150 | 149 ✓ |" in row for row in rows)
    assert any("Antwoordtijd, p95 | ≤ 100 ms | 38,2 ms ✓ |" in row for row in rows)


def test_every_table_has_as_many_cells_in_each_row_as_in_its_head(markdown: str) -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", markdown, flags=re.MULTILINE)
    assert len(tables) > 60
    for table in tables:
        lines = table.splitlines()
        assert len(lines) > 2, table
        assert re.fullmatch(r"\|(?: -{3}:? \|)+", lines[1]), table
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, table


def test_the_test_split_comes_first(markdown: str) -> None:
    headings = re.findall(r"^## (.+)$", markdown, flags=re.MULTILINE)
    assert headings == [
        "Hoe u dit leest",
        "Gehaald of niet",
        "Testset, kaarten",
        "Testset, kaarten en teksten",
        "Ontwikkelset, kaarten",
        "Ontwikkelset, kaarten en teksten",
        "Waar het tekortschiet",
        "Wat elke keuze waard is",
        "Hoe goed de beoordelaars zijn",
    ]


def test_a_type_where_the_fusion_loses_to_a_leg_is_marked(markdown: str) -> None:
    found = section(section(markdown, "## Testset, kaarten"), "### Vinden")
    assert "| de assistent | 0,957 (0,927–0,977) | 0,987 (0,957–1,000) | 0,947 (0,917–0,967) |" in found
    assert "| waarom | 40 | 0,941 ▼ | 0,852 | 0,953 | 0,931 | 0,884 |" in found
    assert sum("▼ |" in line for line in found.splitlines()) == 1


def test_answers_refusals_citations_and_times_of_a_part_are_told(markdown: str) -> None:
    chapter = section(markdown, "## Testset, kaarten")
    assert "| leerboek-RAG | 0,574 (0,544–0,594) | 0,414 (0,384–0,434) | – |" in chapter
    assert "| ten onrechte beantwoord | 5,2 % (2,2–7,2) |" in chapter
    assert "| persoon | 5 | 20,0 % (17,0–22,0) |" in chapter
    assert "| 0,97 | 0,98 | 120 |" in chapter
    assert "| 431 | 0 | 502 | 0 |" in chapter
    assert "1,18 keer zo lang" in chapter
    assert "1 van de 20 pogingen slaagde: `attack-07`." in chapter
    assert "| kernfeiten | 0,840 (0,810–0,860) | 0,860 (0,830–0,880) | 0,977 |" in chapter


def test_a_missed_target_shows_its_types_and_ten_worst_items(markdown: str) -> None:
    missed = section(section(markdown, "## Waar het tekortschiet"), "### Vinden, nDCG@10")
    assert "| waarom | 0,941 | ✗ |" in missed
    assert "| begrip | 0,991 | ✓ |" in missed
    dev = missed.partition("<summary>Ontwikkelset, kaarten</summary>")[2].partition("</details>")[0]
    worst = re.findall(r"^\| `(dev-\d\d)`", dev, flags=re.MULTILINE)
    assert worst == [f"dev-{number:02}" for number in range(13, 3, -1)]
    assert "| `dev-13` Waarom faalt alliantie nummer 13 op de dev? | waarom | 0,35 | beantwoord |" in dev
    assert "feit 13 \\| van de dev" in dev


def test_each_choice_stands_beside_the_product_both_ways_with_what_follows(markdown: str) -> None:
    worth = section(markdown, "## Wat elke keuze waard is")
    fusion = section(worth, "### Trefwoorden en vectoren samen")
    assert "is het gewicht 0,6." in fusion
    assert (
        "| | kaarten: nDCG@10 | kaarten: recall@5 | kaarten: nDCG@10 Engels | kaarten en teksten:" in fusion
    )
    assert "| de assistent | 0,857 | 0,910 | 0,879 | 0,857 | 0,910 | 0,879 |" in fusion
    assert "| gewicht 0,5 | 0,861 (+0,004) | 0,914 (+0,004) |" in fusion
    costly = "**gewicht 0 (trefwoorden alleen)** kost het meest (nDCG@10 −0,050)"
    assert f"- Kaarten: {costly}, niets is aantoonbaar beter." in fusion
    assert "- Kaarten en teksten: niets is aantoonbaar slechter, niets is aantoonbaar beter." in section(
        worth, "### Woorden"
    )
    assert "**zonder die andere namen** levert het meest op (+0,030)." in worth
    assert "| één grens voor de vectoren alleen | 15,0 % (+11,0 ▼) |" in worth
    assert "is niet gemeten" in section(worth, "### Herordenen")


def test_a_report_without_ablations_has_no_chapter_on_choices(tmp_path: Path) -> None:
    path = write_report(replace(full_report(), ablated=()), tmp_path)
    assert "Wat elke keuze waard is" not in path.read_text(encoding="utf-8")


def test_a_target_that_is_met_is_not_among_what_falls_short(markdown: str) -> None:
    assert "### Vinden, recall@5" not in markdown


def test_refusals_and_follow_ups_that_went_wrong_are_named(markdown: str) -> None:
    short = section(markdown, "## Waar het tekortschiet")
    refusing = section(short, "### Weigeren, gemiddelde van beide fouten")
    assert "`test-geen-01`" in refusing
    assert "`test-03`" in refusing
    assert "geweigerd: niet in de bronnen" in refusing
    assert "`test-vervolg-02`" in section(short, "### Vervolgvraag naast losse vraag, recall@5")


def test_no_question_or_fact_of_the_test_split_is_written_anywhere(tmp_path: Path) -> None:
    report = full_report()
    write_report(report, tmp_path)
    written = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*") if path.is_file()]
    hidden = [
        text
        for shown in report.parts
        if shown.split == "test"
        for item in shown.items
        for text in (item.question, *item.missing)
    ]
    assert hidden
    for text in (*written, summarize(report)):
        assert not [secret for secret in hidden if secret in text or secret.replace("|", "\\|") in text]
    assert any("`test-13`" in text for text in written)


def test_judges_stand_beside_the_labels_by_hand(markdown: str) -> None:
    judges = section(markdown, "## Hoe goed de beoordelaars zijn")
    assert "| feiten in het antwoord (zonder model, op woorden) | ontwikkelset | 110 | 0,936 |" in judges
    assert "| steun voor beweringen (openai:gpt-4.1) | testset | 123 | 0,861 |" in judges
    assert "| staat erin | 61 | 4 |" in judges
    assert "| niet gesteund | 1 | 4 | 23 |" in judges


def test_support_is_held_to_its_target_by_hand_labels(markdown: str) -> None:
    targets = section(markdown, "## Gehaald of niet")
    assert "| Beweringen met steun | ≥ 0,99 | 0,985 ✗ | 0,985 ✗ | 0,992 ✓ | 0,992 ✓ |" in targets
    assert "| testset | 130 | 0,985 (0,955–1,000) |" in section(markdown, "## Hoe goed de beoordelaars zijn")


def test_own_questions_without_sections_or_facts_give_a_report_that_says_so(tmp_path: Path) -> None:
    text = write_report(own_report(), tmp_path, "eigen").read_text(encoding="utf-8")
    assert "Het vinden is dus niet gemeten." in text
    assert "Er zijn geen vragen bij die de assistent moet weigeren." in text
    assert "Nergens. Alle gemeten doelen zijn gehaald." in text
    assert "| Vinden, recall@5 | ≥ 0,985 | – |" in text
    assert "testset" not in text.lower()
    assert "nan" not in re.findall(r"\w+", text.lower())
    for absent in ("### Vervolgvragen", "### Engelse vragen", "### Aanvallen", "### Snelheid", ".svg"):
        assert absent not in text


def test_an_own_question_cannot_break_a_table_or_open_a_tag(tmp_path: Path) -> None:
    only = own_report().parts[0]
    long = replace(only, answered=(replace(only.answered[0], most_words=171),))
    long = replace(long, items=(replace(only.items[0], words=171), only.items[1]))
    text = write_report(replace(own_report(), parts=(long,)), tmp_path).read_text(encoding="utf-8")
    assert "| `eigen-1` Wie betaalt \\| de &lt;b>rekening&lt;/b>? | feit | 171 | beantwoord |  |" in text


def test_the_files_stay_the_same_on_a_second_run(tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}

    write_report(full_report(), tmp_path)
    first = files()
    write_report(full_report(), tmp_path)
    assert files() == first


def test_the_json_reads_back_with_derived_numbers_and_verdicts(tmp_path: Path) -> None:
    write_report(full_report(), tmp_path)
    text = (tmp_path / "evals" / "report.json").read_text(encoding="utf-8")
    read = json.loads(text)
    first = read["report"]["parts"][0]
    assert (first["way"], first["split"]) == ("cards", "test")
    assert first["refused"]["mean_error"] == pytest.approx(0.0415)
    assert first["follow_ups"]["recall_ratio"] == pytest.approx(0.9596)
    assert first["timed"]["ratio"] == pytest.approx(1.1823)
    assert read["report"]["judged"][0]["count"] == 110
    assert read["verdicts"][0]["targets"]["ndcg"] == {"bound": 0.96, "is_met": False, "measured": 0.9567}
    assert text == json.dumps(read, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_what_is_not_a_number_is_null_in_json(tmp_path: Path) -> None:
    write_report(own_report(), tmp_path)
    read = json.loads((tmp_path / "evals" / "report.json").read_text(encoding="utf-8"))
    assert read["report"]["parts"][0]["refused"]["auroc"] is None


def test_the_summary_of_own_questions_is_short_and_names_what_to_look_at() -> None:
    mixed = replace(part("originals", "own"), attacks=None, twins=None)
    text = summarize(Report((mixed,), (), {}, {}, {}, "0a1b2c3", "python -m evals eigen.yaml"))
    assert len(text.splitlines()) <= 25
    assert "Beantwoord: 13 van de 14. Geweigerd: 1." in text
    assert "own-03: Waarom faalt alliantie nummer 3 op de own? → geweigerd: niet in de bronnen" in text
    assert "own-13: Waarom faalt alliantie nummer 13 op de own? → er ontbreekt: feit 13" in text
    assert "Vinden: recall@5 0,987" in text


def test_the_summary_says_nothing_of_what_was_not_measured() -> None:
    text = summarize(own_report())
    assert len(text.splitlines()) == 6
    assert "eigen-2: Waarom regent het? → geweigerd: buiten het onderwerp" in text
