"""Pages to start, open and close a round, and to see its progress."""
