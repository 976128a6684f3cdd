"""Declining an invitation."""
