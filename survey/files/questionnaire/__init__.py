"""A questionnaire as a workbook: written, and read back by what stands in it; no rows, no web."""
