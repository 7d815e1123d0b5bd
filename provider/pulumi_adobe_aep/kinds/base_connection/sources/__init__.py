"""The databases, a module of data each."""
