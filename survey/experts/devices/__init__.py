"""Pages on which an expert sees and signs out their browsers."""
