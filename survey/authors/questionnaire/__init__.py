"""An expert's questionnaire, handed out and in by the author."""
