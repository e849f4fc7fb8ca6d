"""Judges that need no model: whether a nugget is in an answer, and whether evidence supports a claim."""
