"""Browsers of experts, authors and readers, and the application they talk to."""
