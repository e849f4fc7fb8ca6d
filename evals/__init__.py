"""Reference questions, and how well the assistant answers them; imports the product, never the reverse."""
