"""Pages for the panel of a study: experts, their personal links, their devices."""
