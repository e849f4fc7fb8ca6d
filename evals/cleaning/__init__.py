"""How well the originals are cleaned: what was broken, what was mended, and how often a repair is right."""
