"""The databases, a module of data each, which makes one kind. `catalog.py` imports every module of this package."""
