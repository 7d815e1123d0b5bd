"""Where the provider's errors are made: what each of them says and what it advises, read from the source.

An expression in a text becomes a placeholder: `{sandbox}` is `<sandbox>` on the page.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pulumi_adobe_aep
from pulumi_adobe_aep import errors

_SAYS_NOTHING = frozenset({"None", "…", "…."})
PACKAGE = Path(pulumi_adobe_aep.__file__).parent


class Raised(NamedTuple):
    """One place that makes an error."""

    error: str
    """The class's name."""
    what: str
    why: str
    advice: tuple[str, ...]
    """What to do; more than one where it depends on the answer."""


def raised() -> list[Raised]:
    """Return every place of the provider that makes an error, in the order of the modules' names."""
    paths = (path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in ("cli", "emulator"))
    return [found for path in sorted(paths, key=lambda path: path.stem) for found in _in_module(path)]


def _in_module(path: Path) -> Iterator[Raised]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    module = importlib.import_module(name.removesuffix(".__init__"))
    for scope in ast.walk(tree):
        if isinstance(scope, ast.ClassDef) and module is errors:
            yield from _in_own_constructor(scope, module)
        elif isinstance(scope, ast.FunctionDef) and scope.name != "refuse":
            texts = _Texts(module, scope)
            for call in _own_calls(scope):
                if isinstance(call.func, ast.Attribute) and call.func.attr == "refuse":
                    yield _refused(call, texts)
                elif isinstance(call.func, ast.Name) and _is_error(getattr(module, call.func.id, None)):
                    yield _raised(call.func.id, call, texts)


def _is_error(kind: object) -> bool:
    """Tell the classes whose callers write the message from those that write it themselves."""
    if not inspect.isclass(kind) or not issubclass(kind, errors.AepError):
        return False
    return next(iter(inspect.signature(kind).parameters), "") == "what"


def _own_calls(scope: ast.FunctionDef) -> Iterator[ast.Call]:
    """Return the calls in a function, without those of a function inside it."""
    waiting: list[ast.AST] = [*scope.body]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting = [*ast.iter_child_nodes(node), *waiting]


def _in_own_constructor(cls: ast.ClassDef, module: ModuleType) -> Iterator[Raised]:
    """Return the texts of a class that writes them itself, as WrongOrganization does."""
    for function in cls.body:
        if isinstance(function, ast.FunctionDef) and function.name == "__init__":
            for call in _own_calls(function):
                text = call.args[0] if call.args else None
                if isinstance(call.func, ast.Attribute) and isinstance(text, (ast.Constant, ast.JoinedStr)):
                    yield _raised(cls.name, call, _Texts(module, function))


def _refused(call: ast.Call, texts: _Texts) -> Raised:
    """Return what settings.py says of a setting that cannot be used: it has one form for all."""
    _name, why, advice = call.args
    what = f"<setting> cannot be used (<place>): {' or '.join(texts.of(why))}."
    return Raised("SettingsError", what, "", tuple(texts.of(advice)))


def _raised(name: str, call: ast.Call, texts: _Texts) -> Raised:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    return Raised(
        name,
        " or ".join(texts.of(call.args[0])),
        " or ".join(text for text in texts.of(given["why"]) if text not in _SAYS_NOTHING) if "why" in given else "",
        tuple(texts.of(given["advice"])) if "advice" in given else (),
    )


class _Texts:
    """Reads expressions as texts.

    Args:
        module: Where names that are not local stand.
        function: Whose local names may hold parts of a text.
    """

    def __init__(self, module: ModuleType, function: ast.FunctionDef) -> None:
        self._module = module
        self._locals: Mapping[str, list[ast.expr]] = _assignments(function)

    def of(self, node: ast.expr) -> list[str]:
        """Return what an expression may say; more than one text where it is decided later."""
        match node:
            case ast.Constant():
                return [str(node.value)]
            case ast.JoinedStr():
                return ["".join(map(self._piece, node.values))]
            case ast.BinOp():
                return [a + b for a in self.of(node.left) for b in self.of(node.right)]
            case ast.IfExp():
                return [*self.of(node.body), *self.of(node.orelse)]
            case _:
                return self._of_reference(node)

    def _of_reference(self, node: ast.expr) -> list[str]:
        match node:
            case ast.Name():
                return self._of_name(node)
            case ast.Call(func=ast.Name()):
                return self._of_call(node)
            case ast.Call(func=ast.Attribute(value=text, attr="strip" | "rstrip")):
                return self.of(text)
            case _:
                return [_placeholder(node)]

    def _piece(self, piece: ast.expr) -> str:
        match piece:
            case ast.Constant():
                return str(piece.value)
            case ast.FormattedValue(value=ast.Name(id=name) as inner):
                constant = getattr(self._module, name, None)
            case ast.FormattedValue(value=ast.Attribute(value=ast.Name(id=name), attr=attribute) as inner):
                constant = getattr(getattr(self._module, name, None), attribute, None)
            case ast.FormattedValue(value=inner):
                constant = None
            case _:
                inner, constant = piece, None
        return constant if isinstance(constant, str) else _placeholder(inner)

    def _of_name(self, node: ast.Name) -> list[str]:
        constant = getattr(self._module, node.id, None)
        if isinstance(constant, str):
            return [constant]
        assigned = self._locals.get(node.id, [])
        return [text for value in assigned for text in self.of(value)] or [_placeholder(node)]

    def _of_call(self, node: ast.Call) -> list[str]:
        """Return what a function of the same module returns, where that is texts."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function = getattr(self._module, name, None)
        if not inspect.isfunction(function) or function.__module__ != self._module.__name__:
            return [_placeholder(node)]
        (definition,) = ast.parse(inspect.getsource(function)).body
        if not isinstance(definition, ast.FunctionDef):
            return [_placeholder(node)]
        inside = _Texts(self._module, definition)
        returned = [each.value for each in ast.walk(definition) if isinstance(each, ast.Return) and each.value]
        return [text for value in returned for text in inside.of(value)]


def _assignments(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    for name, value in pairs:
                        if isinstance(name, ast.Name):
                            found.setdefault(name.id, []).append(value)
    return found


def _placeholder(node: ast.AST) -> str:
    """Name what stands there later, after the last word of the expression."""
    match node:
        case ast.Call(args=[first, *_]):
            return _placeholder(first)
        case ast.Call(func=inner) | ast.Subscript(value=_, slice=ast.Constant(value=str()) as inner):
            return _placeholder(inner)
        case ast.Subscript(value=inner) | ast.IfExp(body=inner):
            return _placeholder(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.Constant(value=str(name)):
            return f"<{name.strip('_').replace('_', ' ').lower()}>"
        case _:
            return "…"
