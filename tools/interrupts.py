"""SIGINT for the processes that are started from here."""

from __future__ import annotations

import signal


def restore_interrupts() -> None:
    """Restore the effect of SIGINT in this process and in those that it starts.

    A shell without job control starts what is before `&` with SIGINT ignored, as nohup and some runners of
    pipelines do, and every process below inherits that. The engine ends a provider by SIGINT and waits five seconds
    for it, so each command of the engine that started a provider would take five seconds longer.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
