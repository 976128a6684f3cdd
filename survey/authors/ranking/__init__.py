"""Pages for the ranking of an edition under a weight set, and to publish it."""
