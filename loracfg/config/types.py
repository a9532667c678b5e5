"""Value types that several config fields share."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Callable, Mapping
from enum import Enum
from time import monotonic
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError

MAX_PATTERN_LENGTH: Final = 20_000

PATTERNS_UNTIL: Final = "patterns_until"
"""Key of the validation context: the `time.monotonic()` after which no pattern is compiled."""

INITS: Final = (
    "gaussian",
    "eva",
    "olora",
    "pissa",
    "pissa_niter_N",
    "corda",
    "loftq",
    "orthogonal",
    "lora_ga",
    "mica",
)
"""Names that PEFT 0.21.2 initialises by; `lora_ga` is in no annotation, but in the code."""

CASELESS_INITS: Final = frozenset({"gaussian", "olora", "mica"})

_PISSA_NITER: Final = re.compile(r"pissa_niter_[0-9]+")
_PLAIN_PATTERN: Final = re.compile(r"[\w./ -]*")
_IGNORES_CASE: Final = re.compile(r"\(\?[a-zA-Z]*i")
_MAX_CASELESS_RANGES: Final = 50


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the file, quietly and in less than half a second.

    Raises:
        re.error: if Python's `re` refuses it, also for its length or nesting.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise re.error(f"longer than {MAX_PATTERN_LENGTH} characters")
    ranges = pattern[pattern.find("[") :].count("-") if "[" in pattern else 0
    if ranges > _MAX_CASELESS_RANGES and _IGNORES_CASE.search(pattern):
        # Each range is compared with the case pairs of all Unicode, some milliseconds apiece.
        raise re.error("too many ranges that ignore case")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(pattern)
        except (RecursionError, OverflowError):
            raise re.error("nested too deeply") from None


def _pattern_check(template: str) -> Callable[[str, ValidationInfo], str]:
    """Return a validator for patterns that PEFT sets into a larger one, at `{}`."""

    def check(pattern: str, info: ValidationInfo) -> str:
        if _PLAIN_PATTERN.fullmatch(pattern):
            return pattern
        reason = _out_of_time(info.context) or _compile_error(template, pattern)
        if reason:
            message = "not a regular expression: {reason}"
            raise PydanticCustomError("invalid_pattern", message, {"reason": reason})
        return pattern

    return check


def _out_of_time(context: Mapping[str, Any] | None) -> str:
    until = context.get(PATTERNS_UNTIL) if context else None
    return "" if until is None or monotonic() < until else "the patterns take too long to compile"


def _compile_error(template: str, pattern: str) -> str:
    try:
        compile_pattern(template.format(pattern))
    except re.error as error:
        whole = str(error)
    else:
        return ""
    try:  # its own error counts positions in the pattern, not in PEFT's
        compile_pattern(pattern)
    except re.error as error:
        return str(error)
    return whole.rpartition(" at position ")[0] or whole


def is_known_init(name: str) -> bool:
    """Tell whether PEFT 0.21.2 initialises by this name."""
    if name.lower() in CASELESS_INITS or _PISSA_NITER.fullmatch(name):
        return True
    return name in INITS and name != "pissa_niter_N"


def _check_init(name: str) -> str:
    if not is_known_init(name):
        expected = ", ".join(f"`{init}`" for init in INITS)
        raise PydanticCustomError(
            "unknown_value", "not one of {expected}", {"expected": expected, "choices": INITS}
        )
    return name


def _check_number(value: Any) -> Any:
    # Pydantic's own float takes whatever has `__float__`, such as decimals and tensors.
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PydanticKnownError("float_type")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise PydanticKnownError("finite_number")
    return value


def _check_json(value: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise PydanticCustomError(
            "not_json", "not JSON: {reason}", {"reason": str(error)}
        ) from None
    return value


def _check_integer(value: Any) -> Any:
    # A choice among integers alone takes 4.0 for 4.
    if not isinstance(value, int) or isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Pattern = Annotated[str, AfterValidator(_pattern_check("{}"))]
"""A string that Python's `re` compiles."""

PathEnd = Annotated[str, AfterValidator(_pattern_check(r"(.*\.)?({})$"))]
"""A pattern for the end of a module path (`get_pattern_key` in `utils/other.py`)."""

LayersName = Annotated[str, AfterValidator(_pattern_check(r"(?:^|.*?\.){}\.(?P<idx>\d+)\."))]
"""A pattern for a module list (`check_target_module_exists` in `tuners/tuners_utils.py`)."""

ModuleName = Annotated[str, Field(min_length=1)]
"""A module name or the end of a module path."""

SavedName = Annotated[ModuleName, AfterValidator(_pattern_check(r"(^|.*\.){}($|\..*)"))]
"""A module name that PEFT also reads as a pattern (`check_target_module_exists`)."""

Rank = Annotated[int, Field(ge=1)]

Number = Annotated[float | int, BeforeValidator(_check_number)]
"""A finite number; integers stay integers, as in the file."""

JsonObject = Annotated[dict[str, Any], AfterValidator(_check_json)]
"""An object of values that can be written as JSON."""

TokenIds = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]

QuantBits = Annotated[Literal[2, 4, 8], BeforeValidator(_check_integer)]

InitName = Annotated[str, AfterValidator(_check_init)]

TaskType = Annotated[
    Literal[
        "SEQ_CLS",
        "SEQ_2_SEQ_LM",
        "CAUSAL_LM",
        "TOKEN_CLS",
        "QUESTION_ANS",
        "FEATURE_EXTRACTION",
    ],
    BeforeValidator(_plain),
]

PeftType = Annotated[Literal["LORA"], BeforeValidator(_plain)]

LayerRange = Annotated[tuple[int, int], BeforeValidator(_pair)]
"""A `[start, end)` pair of layer numbers; JSON has no tuples, so a list of two is one."""
