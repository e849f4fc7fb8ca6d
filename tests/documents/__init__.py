"""Tests of reading the files that people add."""
