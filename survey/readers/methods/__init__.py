"""Pages about the methods and about privacy."""
