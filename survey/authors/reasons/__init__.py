"""The author's translations of what experts gave as reasons."""
