"""The end of an expert's trip."""
