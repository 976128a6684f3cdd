"""What the panel said in the round before, and what an expert makes of it."""
