"""The expert's trip through her comparisons."""
