"""Pages for the cities of an edition and their levels."""
