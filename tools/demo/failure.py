"""What ends the demonstration early."""


class DemoFailed(Exception):
    """A step did not do what it should; the message says in a sentence what happened."""
