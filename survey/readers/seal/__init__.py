"""Checking a printed seal against the journals: public, and saying nothing but yes or no."""
