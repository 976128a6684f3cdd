"""The author's studies: uploading them, how each stands, what it says of itself."""
