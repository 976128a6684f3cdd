"""Pages with an expert's own weights and their review of them."""
