"""Public pages of published rankings."""
