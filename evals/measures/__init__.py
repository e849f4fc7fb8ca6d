"""What is measured, one module for each question that a reader asks."""
