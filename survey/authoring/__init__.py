"""The author's study: its panel, the links, opening and closing rounds."""
