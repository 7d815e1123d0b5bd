"""Data Prep: mappings from the columns of a row to the fields of an XDM record."""
