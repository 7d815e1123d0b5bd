"""The functions of Data Prep's expressions.

Source: "Data Prep mapping functions" in Adobe's documentation; names, parameters and results are those of its tables.
What it does not say is decided here: null is an empty string for `concat`, and null for every other function of
strings.
"""

import hashlib
import re
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Final


class EvaluationError(Exception):
    """A value that a function cannot work with; the message holds no value."""


@dataclass(frozen=True)
class Function:
    """One function, with the fewest and the most arguments it takes; None is any number.

    Attributes:
        lazy: whether it is given functions that return its arguments, to call those that it needs.
    """

    call: Callable[..., object]
    least: int
    most: int | None
    lazy: bool = False


NOT_EMULATED: Final = frozenset(
    {
        "add_to_array", "arrays_to_object", "date_diff", "date_part", "dformat", "format", "get_keys",
        "get_url_host", "get_url_path", "get_url_port", "get_url_protocol", "get_url_query_str", "get_values",
        "join_arrays", "json_to_object", "make_date_time", "set_date_part", "str_to_object", "ua_agent_name",
        "ua_agent_version", "ua_agent_version_major", "ua_device_class", "ua_os_name", "ua_os_name_version",
        "ua_os_version", "ua_os_version_major", "zone_date_to_utc", "zone_date_to_zone",
    }
)  # fmt: skip
"""Functions of Adobe's page that the emulator does not have."""


def as_text(value: object) -> str:
    """Return a value as a string: booleans in lower case, whole numbers without a fraction."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def as_number(value: object) -> float | int:
    """Return a value as a number.

    Raises:
        EvaluationError: it is not a number.
    """
    if isinstance(value, bool) or value is None:
        raise EvaluationError("a value is not a number")
    if isinstance(value, int | float):
        return value
    text = str(value).strip()
    try:
        return int(text) if re.fullmatch(r"[+-]?\d+", text, re.ASCII) else float(text)
    except ValueError:
        raise EvaluationError("a value is not a number") from None


def _of_text(call: Callable[..., object]) -> Callable[..., object]:
    """Return a function that is null for a null as its first argument, and takes that as a string."""

    def called(first: object, *others: object) -> object:
        return None if first is None else call(as_text(first), *others)

    return called


def _concat(*values: object) -> str:
    return "".join("" if value is None else as_text(value) for value in values)


def _position(text: str, wanted: object, start: object = 0, occurrence: object = 1) -> int:
    found = _whole(start) - 1
    for _ in range(_whole(occurrence)):
        found = text.find(as_text(wanted), found + 1)
        if found < 0:
            return -1
    return found


def _substring(text: str, start: object, length: object) -> str:
    return text[_whole(start) : _whole(start) + _whole(length)]


def _split(text: str, separator: object = ",") -> list[str]:
    return re.split(f"[{re.escape(as_text(separator))}]", text)


def _explode(text: str, pattern: object = ",") -> list[str]:
    return re.split(_pattern(pattern), text)


def _pad(text: str, count: object, padding: object, *, left: bool) -> str:
    filler = as_text(padding) if padding else " "
    missing = max(0, _whole(count) - len(text))
    padded = (filler * missing)[:missing]
    return padded + text if left else text + padded


def _lpad(text: object, count: object, padding: object = " ") -> str:
    return _pad("" if text is None else as_text(text), count, padding, left=True)


def _rpad(text: object, count: object, padding: object = " ") -> str:
    return _pad("" if text is None else as_text(text), count, padding, left=False)


def _join(separator: object, values: object) -> str:
    if not isinstance(values, list):
        raise EvaluationError("join takes an array")
    return as_text(separator).join(as_text(each) for each in values if each is not None)


def _extract(text: str, pattern: object) -> list[str | None]:
    found = re.search(_pattern(pattern), text)
    return [] if found is None else [found.group(0), *found.groups()]


def _matches(text: str, pattern: object) -> bool:
    return re.fullmatch(_pattern(pattern), text) is not None


def _pattern(pattern: object) -> str:
    try:
        return re.compile(as_text(pattern)).pattern
    except re.error:
        raise EvaluationError("a regular expression is not valid") from None


def _hash(name: str) -> Callable[..., object]:
    return _of_text(lambda text, charset="UTF-8": hashlib.new(name, _encoded(text, charset)).hexdigest())


def _encoded(text: str, charset: object) -> bytes:
    try:
        return text.encode(as_text(charset))
    except (LookupError, UnicodeEncodeError):
        raise EvaluationError("a character set is unknown or lacks a character") from None


def _crc32(text: str, charset: object = "UTF-8") -> str:
    # The sample on Adobe's page has the lowest byte first.
    return zlib.crc32(_encoded(text, charset)).to_bytes(4, "little").hex()


_DATE_PARTS: Final[Mapping[str, str]] = {
    "yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "SSS": "%f", "X": "%z", "XXX": "%z",
}  # fmt: skip


def _date(value: object, pattern: object = None, default: object = None) -> object:
    """Return a date and time in UTC as an ISO 8601 string."""
    if value is None:
        return default
    text = as_text(value)
    try:
        if pattern is None:
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        else:
            found = datetime.strptime(text, _python_pattern(as_text(pattern)))  # noqa: DTZ007 - the zone follows
    except ValueError:
        raise EvaluationError("a value is not a date of that format") from None
    aware = found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)
    return _iso(aware)


def _python_pattern(pattern: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        part = match.group(0)
        if part.startswith("'"):
            return part[1:-1].replace("%", "%%")
        if part not in _DATE_PARTS:
            raise EvaluationError("a date format has a letter that the emulator does not know")
        return _DATE_PARTS[part]

    return re.sub(r"'[^']*'|([A-Za-z])\1*", replaced, pattern.replace("%", "%%"))


def _iso(moment: datetime) -> str:
    text = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _now() -> str:
    return _iso(datetime.now(timezone.utc))


def _timestamp() -> int:
    return int(datetime.now(timezone.utc).timestamp() * 1000)


def _whole(value: object) -> int:
    return int(as_number(value))


def _if(condition: Callable[[], object], yes: Callable[[], object], no: Callable[[], object]) -> object:
    return yes() if condition() is True else no()


def _decode(key: object, *options: object) -> object:
    for wanted, value in zip(options[::2], options[1::2], strict=False):
        if wanted == key:
            return value
    return options[-1] if len(options) % 2 else None


def _coalesce(*values: object) -> object:
    return next((value for value in values if value is not None), None)


def _elements(values: tuple[object, ...]) -> list[object]:
    return values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)


def _first(*values: object) -> object:
    return next(iter(_elements(values)), None)


def _last(*values: object) -> object:
    return next(reversed(_elements(values)), None)


def _to_array(include_nulls: object, *values: object) -> list[object]:
    return [value for value in values if value is not None or include_nulls is True]


def _to_object(*pairs: object) -> dict[str, object]:
    if len(pairs) % 2:
        raise EvaluationError("to_object takes keys and values in pairs")
    return {as_text(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def _is_empty(value: object) -> bool:
    return value in (None, "", [], {})


def _size(value: object) -> int:
    if value is None:
        return 0
    if not isinstance(value, list | dict | str):
        raise EvaluationError("size_of takes an array, an object or a string")
    return len(value)


def _extreme(values: tuple[object, ...], *, largest: bool) -> object:
    given = [value for value in values if value is not None]
    if not given:
        return None
    try:
        return max(given) if largest else min(given)  # type: ignore[type-var]
    except TypeError:
        raise EvaluationError("the values cannot be compared") from None


def _smallest(*values: object) -> object:
    return _extreme(values, largest=False)


def _largest(*values: object) -> object:
    return _extreme(values, largest=True)


def _converted(convert: Callable[[float | int], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else convert(as_number(value))


def _equals(text: str, other: object) -> bool:
    return other is not None and text == as_text(other)


def _equals_ignore_case(text: str, other: object) -> bool:
    return other is not None and text.lower() == as_text(other).lower()


def _uuid() -> str:
    return str(uuid.uuid4())


_LOWER: Final = Function(_of_text(str.lower), 1, 1)
_UPPER: Final = Function(_of_text(str.upper), 1, 1)
_GUID: Final = Function(_uuid, 0, 0)

FUNCTIONS: Final[Mapping[str, Function]] = {
    "coalesce": Function(_coalesce, 1, None),
    "concat": Function(_concat, 1, None),
    "crc32": Function(_of_text(_crc32), 1, 2),
    "date": Function(_date, 1, 3),
    "decode": Function(_decode, 2, None),
    "equals": Function(_of_text(_equals), 2, 2),
    "equalsIgnoreCase": Function(_of_text(_equals_ignore_case), 2, 2),
    "explode": Function(_of_text(_explode), 1, 2),
    "extract_regex": Function(_of_text(_extract), 2, 2),
    "first": Function(_first, 1, None),
    "guid": _GUID,
    "iif": Function(_if, 3, 3, lazy=True),
    "instr": Function(_of_text(_position), 2, 4),
    "is_empty": Function(_is_empty, 1, 1),
    "join": Function(_join, 2, 2),
    "last": Function(_last, 1, None),
    "lcase": _LOWER,
    "left": Function(_of_text(lambda text, count: text[: _whole(count)]), 2, 2),
    "lower": _LOWER,
    "lpad": Function(_lpad, 2, 3),
    "ltrim": Function(_of_text(str.lstrip), 1, 1),
    "matches_regex": Function(_of_text(_matches), 2, 2),
    "max": Function(_largest, 1, None),
    "md5": Function(_hash("md5"), 1, 2),
    "min": Function(_smallest, 1, None),
    "now": Function(_now, 0, 0),
    "nullify": Function(lambda: None, 0, 0),
    "replacestr": Function(_of_text(lambda text, old, new: text.replace(as_text(old), as_text(new))), 3, 3),
    "right": Function(_of_text(lambda text, count: text[max(0, len(text) - _whole(count)) :]), 2, 2),
    "rpad": Function(_rpad, 2, 3),
    "rtrim": Function(_of_text(str.rstrip), 1, 1),
    "sha1": Function(_hash("sha1"), 1, 2),
    "sha256": Function(_hash("sha256"), 1, 2),
    "sha512": Function(_hash("sha512"), 1, 2),
    "size_of": Function(_size, 1, 1),
    "split": Function(_of_text(_split), 2, 2),
    "substr": Function(_of_text(_substring), 3, 3),
    "timestamp": Function(_timestamp, 0, 0),
    "to_array": Function(_to_array, 1, None),
    "to_bigint": Function(_converted(int), 1, 1),
    "to_decimal": Function(_converted(float), 1, 1),
    "to_float": Function(_converted(float), 1, 1),
    "to_integer": Function(_converted(int), 1, 1),
    "to_object": Function(_to_object, 0, None),
    "trim": Function(_of_text(str.strip), 1, 1),
    "ucase": _UPPER,
    "upper": _UPPER,
    "uuid": _GUID,
}
