"""Pages for the author's noun for the ranked units."""
