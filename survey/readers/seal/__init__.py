"""Public page that checks a printed seal against the journals and answers yes or no."""
