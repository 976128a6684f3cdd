"""Pages for a study's own words of the scale."""
