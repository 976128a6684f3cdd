"""The browsers that an expert is signed in on: seen and closed by the expert."""
