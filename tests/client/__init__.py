"""Tests of the client: against a server for faults alone, and against the real one."""
