"""An address that says whether the service works, for machines that watch it."""
