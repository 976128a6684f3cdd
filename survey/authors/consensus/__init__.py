"""Pages for the consensus of a round and the weight sets frozen from it."""
