"""Pages on which the author downloads and uploads an expert's questionnaire."""
