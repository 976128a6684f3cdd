"""Pages of an expert's pairwise comparisons."""
