"""Pages of the best-worst method: the two ends of a group and the comparisons with them."""
