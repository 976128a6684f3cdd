"""Commands: thin layers over operations, one file per kind of work."""
