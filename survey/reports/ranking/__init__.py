"""Reports on how units rank under a weight set."""
