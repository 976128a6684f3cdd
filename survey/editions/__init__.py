"""Units and levels in, the ranking, and publishing it."""
