"""What a personal link says and asks before its expert begins."""
