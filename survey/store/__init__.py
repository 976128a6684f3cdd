"""Loading and storing of studies, the journal, and the upkeep of the database."""
