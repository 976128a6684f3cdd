"""The trip of a best-worst expert: which count most and least, and how much."""
