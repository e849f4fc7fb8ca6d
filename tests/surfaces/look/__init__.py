"""Tests of the look that all tabs share."""
