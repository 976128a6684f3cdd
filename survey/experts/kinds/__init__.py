"""The trip of an expert who answers in another way than she was asked to."""
