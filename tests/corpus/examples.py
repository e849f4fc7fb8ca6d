"""An invented bibliography, card and text, as files have them."""

from __future__ import annotations

from assistant.domain import SectionRole

SOURCES = """\
- id: jansen-1999
  authors: [Piet Jansen]
  year: 1999
  title: Bruggen
  container: Tijdschrift voor bruggenbouw
  language: nl
  rights: vrij
  label: Jansen 1999
  sections:
    - {title: Inleiding, starts: Bruggen verbinden}
    - {title: "Pijlers: de basis"}
    - {title: Noten, indexed: false}
- id: vries-2001
  authors: []
  year: null
  title: Water
  container: Folder
  language: nl
  rights: vrij
  label: De Vries
  sections:
    - {title: Sluizen}
"""

CARD = """\
---
id: pijler
kind: begrip
title: Pijler
aliases: [brugpijler]
phase: null
related: []
questions: ["Wat is een pijler?"]
---

## Kern
Een pijler draagt een brug. [@jansen-1999, Pijlers: de basis]
Hij staat vaak
in het water. [@jansen-1999, Inleiding; @vries-2001, Sluizen]

## Onderdelen
Een pijler heeft twee delen. [@jansen-1999, Pijlers: de basis]

1. **Voet.** Rust op de bodem. [@jansen-1999, Pijlers: de basis]
2. **Kop.** Draagt het
   dek. [@vries-2001, Sluizen]
"""

ORIGINAL = """\
Bruggen verbinden twee oevers.1 Ze zijn er in
vele soorten en maten, van hout en van steen.

Pijlers: de
basis
Een pijler rust met zijn voet op de bodem van de rivier. Op de kop
ligt het dek dat het verkeer draagt.

Noten
1. Dit is een noot.
"""

HEADINGS = {"Kern": SectionRole.DEFINITION, "Onderdelen": SectionRole.PARTS}
