"""Frozen reports from domain values, the same for pages, files and commands."""
