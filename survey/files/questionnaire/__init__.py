"""Questionnaire as a workbook: written, and read; without database and web."""
