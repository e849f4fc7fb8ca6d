"""The fast evals: floors under what the assistant does on the reference questions."""
