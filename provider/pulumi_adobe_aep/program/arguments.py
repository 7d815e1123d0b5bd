"""Arguments that a call cannot take, reported in one sentence.

Python's own TypeError ends in a traceback that prints the line of the program, with the password that may be in it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from pulumi_adobe_aep.kinds.problems import nearest_name
from pulumi_adobe_aep.program.declaration import DeclarationError

Function = TypeVar("Function", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type)


def checked_arguments(name: str) -> Callable[[Function], Function]:
    """Return a function that reports wrong arguments as a `DeclarationError`.

    Type checkers see the function as it is, so they still find the mistake in a program.

    Args:
        name: How a program calls it.
    """

    def check(function: Function) -> Function:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            # Bound only after the call has failed, because a large program makes a thousand calls.
            try:
                return function(*args, **kwargs)
            except TypeError:
                wrong = _wrong_arguments(signature, args, kwargs)
                if wrong is None:
                    raise
            raise DeclarationError(f"{name}() {wrong}")

        return cast(Function, call)

    return check


def checked_constructor(cls: Class) -> Class:
    """Return a class that reports wrong arguments of its constructor as a `DeclarationError`."""
    setattr(cls, "__init__", checked_arguments(cls.__name__)(vars(cls)["__init__"]))  # noqa: B010 - mypy refuses the other
    return cls


def _wrong_arguments(signature: inspect.Signature, args: tuple[object, ...], kwargs: dict[str, object]) -> str | None:
    """Return what is wrong with the arguments, or None; never a value."""
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        pass
    else:
        return None
    names = [name for name in signature.parameters if name not in ("self", "cls")]
    unknown = [name for name in kwargs if name not in names]
    if unknown:
        nearest = nearest_name(unknown[0], names)
        there_are = f"did you mean '{nearest}'?" if nearest else f"there are {_list(names)}."
        return f"has no argument '{unknown[0]}'; {there_are}"
    positional = [each.name for each in signature.parameters.values() if each.kind is not each.KEYWORD_ONLY]
    if len(args) > len(positional):
        keyword_only = [name for name in names if name not in positional]
        return f"takes {_list(keyword_only)} by keyword only." if keyword_only else f"takes only {_list(names)}."
    given = {*positional[: len(args)], *kwargs}
    missing = [
        each.name for each in signature.parameters.values() if each.default is each.empty and each.name not in given
    ]
    return (
        f"needs {_list(missing)}."
        if missing
        else f"is given {_list(name for name in positional if name in kwargs)} twice."
    )


def _list(names: Any) -> str:
    return ", ".join(f"'{name}'" for name in names)
