"""The JSON-Patch-like bodies of PATCH.

Adobe's tutorials write ``op`` in lower case, an OpenAPI document in upper case, and both give ``remove`` a value:
all of that is taken. ``test``, ``copy`` and ``move`` are not.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.store.entities import JsonObject

_OPERATIONS: Final = frozenset({"add", "replace", "remove"})


@dataclass(frozen=True)
class Instruction:
    """One change.

    Attributes:
        path: the parts of the JSON Pointer, unescaped.
        has_value: whether there is a value; it may be null.
    """

    operation: Literal["add", "replace", "remove"]
    path: tuple[str, ...]
    value: object = None
    has_value: bool = False

    @property
    def pointer(self) -> str:
        """The path as it was sent."""
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in self.path)


def read_instructions(body: Sequence[JsonObject]) -> list[Instruction]:
    """Return the instructions of a body.

    Raises:
        FlowServiceError: 1405 for an empty list, 1434 for an operation that is not offered, 1455 for a missing or
            unusable part of an instruction.
    """
    if not body:
        raise FlowServiceError("1405-400")
    return [_instruction(each) for each in body]


def apply(instructions: Sequence[Instruction], fields: JsonObject) -> JsonObject:
    """Return the fields after all instructions; the ones given stay as they are.

    Raises:
        FlowServiceError: 1455 when a path does not exist.
    """
    changed = copy.deepcopy(fields)
    for instruction in instructions:
        _apply(instruction, changed)
    return changed


def _instruction(each: JsonObject) -> Instruction:
    for key in ("op", "path"):
        if key not in each:
            raise _missing(key)
    operation, path = each["op"], each["path"]
    if not isinstance(operation, str) or operation.lower() not in _OPERATIONS:
        raise FlowServiceError("1434-400", operation=operation)
    if not isinstance(path, str) or not path.startswith("/") or path == "/":
        raise FlowServiceError("1455-400", text='Invalid field "path".')
    operation = cast("Literal['add', 'replace', 'remove']", operation.lower())
    if operation != "remove" and "value" not in each:
        raise _missing("value")
    parts = tuple(part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/"))
    return Instruction(operation, parts, each.get("value"), "value" in each)


def _apply(instruction: Instruction, document: JsonObject) -> None:
    holder: object = document
    for part in instruction.path[:-1]:
        holder = _child(holder, part)
    key = instruction.path[-1]
    if isinstance(holder, list):
        _apply_to_list(instruction, holder, key)
    elif isinstance(holder, dict):
        if instruction.operation != "add" and key not in holder:
            raise _missing(key)
        if instruction.operation == "remove":
            del holder[key]
        else:
            holder[key] = instruction.value
    else:
        raise _missing(key)


def _apply_to_list(instruction: Instruction, holder: list[object], key: str) -> None:
    if instruction.operation == "add" and key == "-":
        holder.append(instruction.value)
        return
    position = _position(key, limit=len(holder) + (instruction.operation == "add"))
    if instruction.operation == "add":
        holder.insert(position, instruction.value)
    elif instruction.operation == "replace":
        holder[position] = instruction.value
    else:
        del holder[position]


def _child(holder: object, part: str) -> object:
    if isinstance(holder, dict) and part in holder:
        return holder[part]
    if isinstance(holder, list):
        return holder[_position(part, limit=len(holder))]
    raise _missing(part)


def _position(part: str, *, limit: int) -> int:
    if not part.isascii() or not part.isdigit() or int(part) >= limit:
        raise _missing(part)
    return int(part)


def _missing(name: str) -> FlowServiceError:
    return FlowServiceError("1455-400", text=f'Missing field "{name}".')
