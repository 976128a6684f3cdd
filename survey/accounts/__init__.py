"""Getting in and out: personal links, sign-in links, sessions."""
