"""The coach: the health check's questions, scores and report, and the brief for a coach."""
