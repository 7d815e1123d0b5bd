"""How the distribution is built."""
