"""The product's retrieval beside that of others, on the same texts, questions and embedding."""
