"""The trip of an expert who hands out points."""
