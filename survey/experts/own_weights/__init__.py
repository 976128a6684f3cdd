"""What an expert sees of her own weights."""
