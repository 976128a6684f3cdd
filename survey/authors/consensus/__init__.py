"""A round aggregated: its consensus, and the weight sets that are frozen from it."""
