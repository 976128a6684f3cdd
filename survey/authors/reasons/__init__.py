"""Pages for the author's translations of the experts' reasons."""
