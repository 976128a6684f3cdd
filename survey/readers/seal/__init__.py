"""Public page that checks a printed seal against the journals: yes or no."""
