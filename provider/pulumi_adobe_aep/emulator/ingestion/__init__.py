"""A dataflow's run: its window, the rows it reads, the records it keeps, and what it counts."""
