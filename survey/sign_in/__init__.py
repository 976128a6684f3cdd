"""Signing in as an author, and signing out."""
