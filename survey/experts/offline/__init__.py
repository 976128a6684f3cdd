"""Pages for an expert's own questionnaire as a spreadsheet."""
