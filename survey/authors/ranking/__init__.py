"""The ranking of an edition under a weight set, and publishing it."""
