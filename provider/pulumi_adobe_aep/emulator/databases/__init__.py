"""What a connection finds in the PostgreSQL that it names."""
