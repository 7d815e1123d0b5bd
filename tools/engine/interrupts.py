"""SIGINT for the processes that this one starts."""

import signal


def restore_interrupts() -> None:
    """Handle SIGINT again where it is ignored. To be called once, when a program that starts `pulumi` begins.

    A shell starts background commands (`&`, `nohup`, some CI systems) with SIGINT ignored, and every process below
    inherits that. The engine ends its plugins with SIGINT and kills them 5 seconds later, so each `pulumi up` would
    take 5 seconds longer. A handler of this process is not inherited: its children start with the default again.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
