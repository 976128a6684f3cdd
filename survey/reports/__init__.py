"""Frozen reports computed from domain values, the same for pages, files and commands."""
