"""`python -m tests.faults.write`: write docs/fault-matrix.md."""

from tests.faults.page import PATH, render

if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
