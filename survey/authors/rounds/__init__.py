"""Starting, opening and closing a round, and how far it has come."""
