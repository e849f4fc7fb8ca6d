"""An assistant that answers in Dutch from the literature on alliances, and proves every sentence."""
