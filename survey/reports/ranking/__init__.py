"""Reports on the ranking of units under a weight set."""
