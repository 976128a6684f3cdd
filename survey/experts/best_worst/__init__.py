"""Pages of the best-worst method: two ends of a group, comparisons with them."""
