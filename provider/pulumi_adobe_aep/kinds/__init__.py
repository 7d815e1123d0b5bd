"""What exists at Adobe, as data."""
