"""Pages of an expert."""
