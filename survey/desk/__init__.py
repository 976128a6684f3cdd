"""Shared pages on which an expert or author downloads and uploads a questionnaire."""
