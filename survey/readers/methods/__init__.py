"""How weights are computed, and what is stored of whom."""
