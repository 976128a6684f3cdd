"""Domain values → frozen reports: the same object for the page, the file and the command."""
