"""Pages of an author."""
