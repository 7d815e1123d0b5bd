"""The life of an entity: plan, create, read, update, delete."""
