"""Where sentences end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dit is een. Dit is twee! En drie?", ["Dit is een.", "Dit is twee!", "En drie?"]),
        ("Prof. dr. J. de Wit spreekt. Wij luisteren.", ["Prof. dr. J. de Wit spreekt.", "Wij luisteren."]),
        ("Dat doen wij, d.w.z. Anna en ik. Altijd.", ["Dat doen wij, d.w.z. Anna en ik.", "Altijd."]),
        ("Neem bijv. Delft. Of Gouda.", ["Neem bijv. Delft.", "Of Gouda."]),
        ("Zie (Bos e.a. 2010). Daarna niet.", ["Zie (Bos e.a. 2010).", "Daarna niet."]),
        (
            "Zie (Bos et al. 2010; Bakker e.a. 2011). Klaar.",
            ["Zie (Bos et al. 2010; Bakker e.a. 2011).", "Klaar."],
        ),
        ("Wij (Bos e.a. De brug) weten het.", ["Wij (Bos e.a. De brug) weten het."]),
        ("Dit is van Bos e.a. Daar staat het.", ["Dit is van Bos e.a.", "Daar staat het."]),
        ("Bos e.a. 2010 zegt dat.", ["Bos e.a. 2010 zegt dat."]),
        ("(Dat wist hij al.) Zij niet. (Klaar.)", ["(Dat wist hij al.)", "Zij niet.", "(Klaar.)"]),
        ("(Hij ging. Zij bleef.) Klaar.", ["(Hij ging.", "Zij bleef.)", "Klaar."]),
        ("Kijk op www.brug.nl. Daar staat het.", ["Kijk op www.brug.nl.", "Daar staat het."]),
        ("Het kost 3.5 euro of 1.000 euro.", ["Het kost 3.5 euro of 1.000 euro."]),
        ("Hij zei: ‘Kom maar.’ Toen ging hij.", ["Hij zei: ‘Kom maar.’", "Toen ging hij."]),
        ("“Dag!” “Tot ziens.” (Hij ging.) Klaar.", ["“Dag!”", "“Tot ziens.”", "(Hij ging.)", "Klaar."]),
        ("1. Dit is een noot. Meer niet.", ["1. Dit is een noot.", "Meer niet."]),
        ("Een lijst:\n• de start\n• het eind", ["Een lijst:", "• de start", "• het eind"]),
        ("Wachten ... en doorgaan. Klaar", ["Wachten ... en doorgaan.", "Klaar"]),
        (
            "Drs.ing. A. Bos en m.n. Bakker, nr. 5. Einde.",
            ["Drs.ing. A. Bos en m.n. Bakker, nr. 5.", "Einde."],
        ),
    ],
)
def test_a_text_splits_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet='aB 1.!?\n"”)(é…-', max_size=80))
def test_every_visible_character_is_in_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() != "" for sentence in sentences(text))
