"""The desk at which a questionnaire is handed out and in as a file."""
