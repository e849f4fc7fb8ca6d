"""What was found, as something to hand out: charts, Word files, Markdown and JSON of a report or a brief."""
