"""What every request needs, and the server that takes it."""
