"""Whole studies in and out of the rows, the journal, and the database's own upkeep."""
