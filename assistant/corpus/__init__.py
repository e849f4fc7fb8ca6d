"""From files to values: the bibliography, the cards, the cleaned originals, chunks and evidence."""
