"""The repository's own tools: the engine, a real PostgreSQL, the demo."""
