"""What each choice in finding, answering and refusing is worth: the product with one thing changed."""
