"""The expert's trip: from the first question to the receipt."""
