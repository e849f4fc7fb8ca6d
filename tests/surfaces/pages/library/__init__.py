"""Tests of the pages that the server renders."""
