"""The words of the scale, as a study says them."""
