"""Questionnaire as a workbook: writing it, and reading its answers; no database, no web."""
