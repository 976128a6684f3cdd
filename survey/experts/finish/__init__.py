"""Pages to finish or withdraw."""
