"""Pages with the panel's weights of the round before, and the expert's decisions."""
