"""Turns what the suite measured into files: a Dutch report, its plots, and the numbers as JSON."""
