"""Data Prep's expressions: parsed once, evaluated for each row.

The syntax is that of Apache Commons JEXL as Adobe's pages show it: functions, methods of a value, fields with dots or
in ``${...}``, the arithmetic, comparing and logical operators in both spellings, and ``condition ? a : b``.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from pulumi_adobe_aep.emulator.data_prep.functions import (
    FUNCTIONS,
    NOT_EMULATED,
    EvaluationError,
    as_number,
    as_text,
)

Row = Mapping[str, object]
Evaluate = Callable[[Row], object]

_GRAMMAR: Final = r"""
    ?start: conditional
    ?conditional: either | either "?" conditional ":" conditional -> choose
    ?either: both | either ("||" | "or") both -> either_of
    ?both: equality | both ("&&" | "and") equality -> both_of
    ?equality: relation | equality EQUALITY relation -> compare
    ?relation: sum | relation RELATION sum -> compare
    ?sum: product | sum SUM product -> calculate
    ?product: unary | product PRODUCT unary -> calculate
    ?unary: postfix | "-" unary -> negative | ("!" | "not") unary -> negation
    ?postfix: primary | postfix "." NAME -> member | postfix "." NAME "(" arguments ")" -> method
    ?primary: NAME "(" arguments ")" -> function
        | NAME -> field
        | BRACED -> braced
        | NUMBER -> number
        | STRING -> string
        | "true" -> true
        | "false" -> false
        | "null" -> null
        | "(" conditional ")"
    arguments: [conditional ("," conditional)*]
    EQUALITY: "==" | "!=" | "eq" | "ne"
    RELATION.2: "<=" | ">=" | "<" | ">" | "lt" | "le" | "gt" | "ge"
    SUM: "+" | "-"
    PRODUCT: "*" | "/" | "%" | "div" | "mod"
    NAME: /[^\W\d]([\w$])*|\$[\w$]+/
    BRACED: /\$\{[^}]+\}/
    NUMBER: /\d+(\.\d+)?/
    STRING: /"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/
    %ignore /\s+/
"""


class ExpressionError(Exception):
    """An expression that cannot be used at all; the message says why."""


@dataclass(frozen=True)
class Expression:
    """An expression that has been understood."""

    evaluate: Evaluate


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Return an expression.

    Raises:
        ExpressionError: its syntax is wrong, or it calls a function that is not there or takes other arguments.
    """
    try:
        return Expression(_Compiler().transform(_parser().parse(text)))
    except UnexpectedInput as error:
        raise ExpressionError(f"the expression cannot be parsed at column {error.column}") from None
    except VisitError as error:
        raise ExpressionError(str(error.orig_exc)) from None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")


def field(path: str) -> Evaluate:
    """Return what finds the value of a column, or below it if the path has dots; null where there is none."""
    parts = path.split(".")

    def find(row: Row) -> object:
        if path in row:
            return row[path]
        value: object = row
        for part in parts:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return find


class _Compiler(Transformer[Token, Evaluate]):
    """Turns the tree of an expression into functions of a row."""

    def field(self, parts: list[Token]) -> Evaluate:
        return field(str(parts[0]))

    def braced(self, parts: list[Token]) -> Evaluate:
        return field(str(parts[0])[2:-1])

    def number(self, parts: list[Token]) -> Evaluate:
        value = as_number(str(parts[0]))
        return lambda _: value

    def string(self, parts: list[Token]) -> Evaluate:
        try:
            value: object = ast.literal_eval(str(parts[0]).replace("\n", "\\n"))
        except (SyntaxError, ValueError):
            raise ExpressionError("a string has an escape sequence that is not valid") from None
        return lambda _: value

    def true(self, _parts: list[Token]) -> Evaluate:
        return lambda _: True

    def false(self, _parts: list[Token]) -> Evaluate:
        return lambda _: False

    def null(self, _parts: list[Token]) -> Evaluate:
        return lambda _: None

    def arguments(self, parts: list[Evaluate | None]) -> list[Evaluate]:
        return [part for part in parts if part is not None]

    def function(self, parts: tuple[Token, list[Evaluate]]) -> Evaluate:
        name, arguments = parts
        return _call(str(name), arguments)

    def method(self, parts: tuple[Evaluate, Token, list[Evaluate]]) -> Evaluate:
        value, name, arguments = parts
        return _call(str(name), [value, *arguments])

    def member(self, parts: tuple[Evaluate, Token]) -> Evaluate:
        holder, name = parts[0], str(parts[1])

        def find(row: Row) -> object:
            value = holder(row)
            return value.get(name) if isinstance(value, Mapping) else None

        return find

    def choose(self, parts: list[Evaluate]) -> Evaluate:
        condition, yes, no = parts
        return lambda row: yes(row) if condition(row) is True else no(row)

    def either_of(self, parts: list[Evaluate]) -> Evaluate:
        left, right = parts
        return lambda row: left(row) is True or right(row) is True

    def both_of(self, parts: list[Evaluate]) -> Evaluate:
        left, right = parts
        return lambda row: left(row) is True and right(row) is True

    def negation(self, parts: list[Evaluate]) -> Evaluate:
        (value,) = parts
        return lambda row: value(row) is not True

    def negative(self, parts: list[Evaluate]) -> Evaluate:
        (value,) = parts
        return lambda row: -as_number(value(row))

    def compare(self, parts: tuple[Evaluate, Token, Evaluate]) -> Evaluate:
        left, operator, right = parts
        compared = _COMPARISONS[str(operator)]
        return lambda row: compared(left(row), right(row))

    def calculate(self, parts: tuple[Evaluate, Token, Evaluate]) -> Evaluate:
        left, operator, right = parts
        calculated = _CALCULATIONS[str(operator)]
        return lambda row: calculated(left(row), right(row))


def _call(name: str, arguments: list[Evaluate]) -> Evaluate:
    function = FUNCTIONS.get(name)
    if function is None:
        known = "is one of Adobe's that the emulator does not have" if name in NOT_EMULATED else "does not exist"
        raise ExpressionError(f"the function {name} {known}")
    if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
        raise ExpressionError(f"the function {name} does not take {len(arguments)} arguments")
    call = function.call
    if function.lazy:
        return lambda row: call(*(partial(argument, row) for argument in arguments))
    return lambda row: call(*(argument(row) for argument in arguments))


def _equal(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right or left == right
    if isinstance(left, str) != isinstance(right, str):
        return as_text(left) == as_text(right)
    return left == right


def _ordered(decide: Callable[[float | str, float | str], bool]) -> Callable[[object, object], bool]:
    def compared(left: object, right: object) -> bool:
        if left is None or right is None:
            return False
        if isinstance(left, str) and isinstance(right, str):
            return decide(left, right)
        return decide(as_number(left), as_number(right))

    return compared


def _add(left: object, right: object) -> object:
    if isinstance(left, str) or isinstance(right, str):
        return as_text("" if left is None else left) + as_text("" if right is None else right)
    return as_number(left) + as_number(right)


def _divide(left: object, right: object) -> object:
    dividend, divisor = as_number(left), as_number(right)
    try:
        quotient = dividend / divisor
    except ZeroDivisionError:
        raise EvaluationError("a division by zero") from None
    # JEXL divides whole numbers as Java does.
    return int(quotient) if isinstance(dividend, int) and isinstance(divisor, int) else quotient


def _remainder(left: object, right: object) -> object:
    try:
        return as_number(left) % as_number(right)
    except ZeroDivisionError:
        raise EvaluationError("a division by zero") from None


def _unequal(left: object, right: object) -> bool:
    return not _equal(left, right)


_less = _ordered(lambda left, right: left < right)  # type: ignore[operator]
_at_most = _ordered(lambda left, right: left <= right)  # type: ignore[operator]
_more = _ordered(lambda left, right: left > right)  # type: ignore[operator]
_at_least = _ordered(lambda left, right: left >= right)  # type: ignore[operator]
_COMPARISONS: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "==": _equal, "eq": _equal, "!=": _unequal, "ne": _unequal, "<": _less, "lt": _less, "<=": _at_most, "le": _at_most,
    ">": _more, "gt": _more, ">=": _at_least, "ge": _at_least,
}  # fmt: skip
_CALCULATIONS: Final[Mapping[str, Callable[[object, object], object]]] = {
    "+": _add,
    "-": lambda left, right: as_number(left) - as_number(right),
    "*": lambda left, right: as_number(left) * as_number(right),
    "/": _divide,
    "div": _divide,
    "%": _remainder,
    "mod": _remainder,
}
