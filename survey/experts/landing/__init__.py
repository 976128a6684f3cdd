"""First page of a personal link, before the expert begins."""
