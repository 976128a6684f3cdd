"""The expert's own questionnaire as a spreadsheet."""
