"""Reports on a panel: answers, weights, consensus, questions of a targeted round."""
