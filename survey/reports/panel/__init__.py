"""Reports on what a panel said: answers, weights, consensus, what a further round asks."""
