"""From a question to checked claims: understanding, composing, citations, pipeline."""
