"""Pages to divide points and to rate."""
