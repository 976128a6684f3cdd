"""Pages for the author's studies: uploading, state, settings."""
