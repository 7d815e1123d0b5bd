"""The demonstration: one base connection's whole life, with the real engine, against the emulator and a real database.

`python -m tools.demo` (`make demo`) runs it, `python -m tools.demo down` (`make demo-down`) ends one that was kept.
"""
