"""Tests of how the running process is operated."""
