"""Pages to choose another way of answering."""
