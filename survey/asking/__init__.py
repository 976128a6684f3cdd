"""What the trips of an expert share: what she is asked, and how an answer is saved."""
