"""Pages for the panel of a study: its experts, their personal links, their devices."""
