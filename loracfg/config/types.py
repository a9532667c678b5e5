"""Value types that several config fields share."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError

from loracfg.config.releases import PEFT_RELEASE, at_least

MAX_PATTERN_LENGTH: Final = 20_000

PATTERNS_UNTIL: Final = "patterns_until"
"""Key of the validation context: the `time.monotonic()` after which no pattern is compiled."""


@dataclass(frozen=True, slots=True)
class Init:
    """A method of initialisation: the release that brought it, and what it does to the base.

    `changes_base`: loading repeats it, and the base weights change by it. `annotated`: the wheels
    name it in the annotation of `init_lora_weights`.
    """

    since: str
    changes_base: bool = False
    annotated: bool = True


INITS: Final = {
    "gaussian": Init("0.7.0"),
    "eva": Init("0.14.0"),
    "olora": Init("0.12.0", changes_base=True),
    "pissa": Init("0.11.0", changes_base=True),
    "pissa_niter_N": Init("0.11.0", changes_base=True),
    "corda": Init("0.15.0", changes_base=True),
    "loftq": Init("0.7.0", changes_base=True),
    "orthogonal": Init("0.16.0"),
    "lora_ga": Init("0.19.0", changes_base=True, annotated=False),
    "mica": Init("0.20.0"),
}
"""Names that PEFT initialises by (`tuners/lora/layer.py` of each release)."""

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


def find_init(name: str) -> Init | None:
    """Return the method that PEFT 0.21.2 takes a value of `init_lora_weights` for."""
    if name.lower() in CASELESS_INITS:
        return INITS[name.lower()]
    if _PISSA_NITER.fullmatch(name):
        return INITS["pissa_niter_N"]
    return INITS.get(name) if name != "pissa_niter_N" else None


def inits_at(release: str) -> tuple[str, ...]:
    """Return the names that a release initialises by."""
    return tuple(name for name, init in INITS.items() if at_least(release, init.since))


def _init_check(release: str) -> Callable[[str], str]:
    names = inits_at(release)

    def check(name: str) -> str:
        init = find_init(name)
        if init is None or not at_least(release, init.since):
            expected = ", ".join(f"`{known}`" for known in names)
            raise PydanticCustomError(
                "unknown_value", "not one of {expected}", {"expected": expected, "choices": names}
            )
        return name

    return check


def init_type(release: str) -> Any:
    """Return the type of `init_lora_weights`; before 0.7.0, PEFT only tested it for truth."""
    if not inits_at(release):
        return bool
    return bool | Annotated[str, AfterValidator(_init_check(release))]


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


_PLAIN: Final = BeforeValidator(_plain)


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

TaskType = Annotated[
    Literal[
        "SEQ_CLS",
        "SEQ_2_SEQ_LM",
        "CAUSAL_LM",
        "TOKEN_CLS",
        "QUESTION_ANS",
        "FEATURE_EXTRACTION",
    ],
    _PLAIN,
]

InitName = Annotated[str, AfterValidator(_init_check(PEFT_RELEASE))]
"""A method of initialisation, by the name that PEFT 0.21.2 knows it by."""

PeftType = Annotated[Literal["LORA"], _PLAIN]

FirstTaskType = Annotated[Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS"], _PLAIN]
"""The tasks that PEFT knew before 0.4.0 (`peft/utils/config.py`)."""

LayerRange = Annotated[tuple[int, int], BeforeValidator(_pair)]
"""A `[start, end)` pair of layer numbers; JSON has no tuples, so a list of two is one."""
