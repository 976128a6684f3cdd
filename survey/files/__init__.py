"""Files of a study: bytes that become values, and values that become bytes."""
