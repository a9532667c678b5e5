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
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

from loracfg.config.releases import PEFT_RELEASE, at_least

MAX_PATTERN_LENGTH: Final = 20_000

PATTERNS_UNTIL: Final = "patterns_until"
"""Key of the validation context: the `time.monotonic()` after which no pattern is compiled."""


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """What each permitted value of a field means; the JSON Schema has it as `enumDescriptions`."""

    texts: Mapping[Any, str]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the schema of the values with their meanings."""
        schema = handler(core_schema)
        values = schema.get("enum") or list(self.texts)
        return {"enum": values, "enumDescriptions": [self.texts[value] for value in values]}


@dataclass(frozen=True, slots=True)
class Init:
    """A method of initialisation: the release that brought it, and what it does to the base.

    `changes_base`: loading repeats it, and the base weights change by it. `annotated`: the wheels
    name it in the annotation of `init_lora_weights`.
    """

    since: str
    meaning: str
    changes_base: bool = False
    annotated: bool = True


INITS: Final = {
    "gaussian": Init("0.7.0", "A is normal with standard deviation `1 / r`, B zero."),
    "eva": Init("0.14.0", "A comes from the activations of training data (EVA), B is zero."),
    "olora": Init(
        "0.12.0", "Both come from the QR decomposition of the base weight.", changes_base=True
    ),
    "pissa": Init(
        "0.11.0",
        "Both come from the largest singular values of the base weight.",
        changes_base=True,
    ),
    "pissa_niter_N": Init(
        "0.11.0", "As `pissa`, by a faster SVD with N iterations.", changes_base=True
    ),
    "corda": Init(
        "0.15.0",
        "Both come from the base weight and the covariance of training data.",
        changes_base=True,
    ),
    "loftq": Init(
        "0.7.0", "Both fit what quantising takes from the base weight.", changes_base=True
    ),
    "orthogonal": Init("0.16.0", "Rows of A and columns of B are orthogonal; `r` is even."),
    "lora_ga": Init(
        "0.19.0",
        "Both come from the gradients of training data.",
        changes_base=True,
        annotated=False,
    ),
    "mica": Init(
        "0.20.0", "B comes from the base weight's smallest singular values and stays; A is zero."
    ),
}
"""Names that PEFT initialises by (`tuners/lora/layer.py` of each release)."""

CASELESS_INITS: Final = frozenset({"gaussian", "olora", "mica"})

_NITER: Final = "pissa_niter_[0-9]+"
_PISSA_NITER: Final = re.compile(_NITER)
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


def tasks_at(release: str) -> tuple[str, ...]:
    """Return the values of `task_type` that a release knows."""
    tasks = TaskType if at_least(release, "0.4.0") else FirstTaskType
    return get_args(get_args(tasks)[0])


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


def _init_schema(release: str) -> dict[str, Any]:
    names = inits_at(release)
    listed = {"pissa_niter_16" if name == "pissa_niter_N" else name: INITS[name] for name in names}
    spelled = [_NITER] if "pissa_niter_N" in names else []
    spelled += ["".join(f"[{c.upper()}{c}]" for c in n) for n in names if n in CASELESS_INITS]
    return {
        "anyOf": [
            {
                "enum": list(listed),
                "enumDescriptions": [init.meaning for init in listed.values()],
            },
            {"type": "string", "pattern": f"^({'|'.join(spelled)})$"},
        ]
    }


def _init_name(release: str) -> Any:
    return Annotated[
        str, AfterValidator(_init_check(release)), WithJsonSchema(_init_schema(release))
    ]


def init_type(release: str) -> Any:
    """Return the type of `init_lora_weights`; before 0.7.0, PEFT only tested it for truth."""
    return InitFlag | _init_name(release) if inits_at(release) else bool


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

TASKS: Final = {
    "SEQ_CLS": "Classification of sequences; PEFT saves the head along.",
    "SEQ_2_SEQ_LM": "Text from text, with an encoder and a decoder.",
    "CAUSAL_LM": "Text generation, token by token.",
    "TOKEN_CLS": "Classification of tokens; PEFT saves the head along.",
    "QUESTION_ANS": "Answers as spans of a text; PEFT saves the head along.",
    "FEATURE_EXTRACTION": "Hidden states, for embeddings or other features.",
}
"""The tasks and what they are (`peft/utils/peft_types.py`)."""

BIASES: Final = {
    "none": "No bias.",
    "all": "Every bias of the base model.",
    "lora_only": "The biases of the layers that are adapted.",
}
"""The values of `bias` and what is trained with them."""

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
    Meanings(TASKS),
]

FirstTaskType = Annotated[
    Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS"], _PLAIN, Meanings(TASKS)
]
"""The tasks that PEFT knew before 0.4.0 (`peft/utils/config.py`)."""

PeftType = Annotated[Literal["LORA"], _PLAIN]

InitFlag = Annotated[
    bool,
    Meanings(
        {
            True: "A is random, B zero: at first, the adapter changes nothing.",
            False: "Both are random.",
        }
    ),
]

if TYPE_CHECKING:
    InitName = str
else:
    InitName = _init_name(PEFT_RELEASE)
"""A method of initialisation, by the name that PEFT 0.21.2 knows it by."""

LayerRange = Annotated[tuple[int, int], BeforeValidator(_pair)]
"""A `[start, end)` pair of layer numbers; JSON has no tuples, so a list of two is one."""
