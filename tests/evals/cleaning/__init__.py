"""Tests of the report on cleaning."""
