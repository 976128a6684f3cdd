"""The trip of an expert who answers in a spreadsheet, and of the author who mails it to her."""
