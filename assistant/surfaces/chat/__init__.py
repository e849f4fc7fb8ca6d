"""The chat page: a question box, the answer claim by claim, and beside it what proves each claim."""
