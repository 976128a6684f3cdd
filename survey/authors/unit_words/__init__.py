"""The noun for what a study ranks, as its author writes it."""
