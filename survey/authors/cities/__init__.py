"""The cities of an edition, and their levels."""
