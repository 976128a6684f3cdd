"""The version of Steelyard, as weight sets and ``--version`` say it."""

VERSION = "0.1.0"
