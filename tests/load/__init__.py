"""Many connections in one stack, with faults."""
