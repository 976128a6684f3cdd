"""Version of Steelyard, as shown in weight sets and by ``--version``."""

VERSION = "0.1.0"
