"""Pages for authors to sign in, and to sign out."""
