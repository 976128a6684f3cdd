"""Questionnaires of experts, and the saving of their answers; nothing of the web."""
