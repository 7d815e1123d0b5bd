"""One request and its response: knows no kind of entity."""
