"""The commands: thin words over operations, one file per kind of work."""
