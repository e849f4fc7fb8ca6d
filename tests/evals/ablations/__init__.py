"""Tests of what each choice is worth."""
