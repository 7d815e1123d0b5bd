"""States that released versions have written, which every later version must accept."""
