"""Types of values that several config fields share."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

from loracfg.config.history.releases import PEFT_RELEASE, at_least
from loracfg.config.model.known_names import (
    CASELESS_INITS,
    INITS,
    NITER,
    FirstTask,
    Task,
    find_init,
    inits_at,
)
from loracfg.config.model.regexes import compile_error, is_plain
from loracfg.config.model.validation_context import PATTERNS_UNTIL
from loracfg.cpu_time import thread_time

TOO_LONG: Final = "the patterns take too long to compile"


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """The meaning of each permitted value; `enumDescriptions` in the JSON Schema."""

    texts: Mapping[Any, str]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the schema of the values, with their meanings."""
        schema = handler(core_schema)
        values = schema.get("enum") or list(self.texts)
        return {"enum": values, "enumDescriptions": [self.texts[value] for value in values]}


@dataclass(frozen=True, slots=True)
class PatternCheck:
    """A validator for patterns that PEFT inserts into a larger one, at `{}`."""

    template: str

    def __call__(self, pattern: str, info: ValidationInfo) -> str:
        """Return the pattern, or raise `PydanticCustomError`."""
        if is_plain(pattern):
            return pattern
        reason = _out_of_time(info.context) or compile_error(self.template, pattern)
        if reason:
            message = "not a valid regular expression: {reason}"
            raise PydanticCustomError("invalid_pattern", message, {"reason": reason})
        return pattern


def _out_of_time(context: Mapping[str, Any] | None) -> str:
    until = context.get(PATTERNS_UNTIL) if context else None
    return "" if until is None or thread_time() < until else TOO_LONG


@dataclass(frozen=True, slots=True)
class InitCheck:
    """A validator for the names of a release's initialisation methods."""

    release: str

    def __call__(self, name: str) -> str:
        """Return the name, or raise `PydanticCustomError`."""
        init = find_init(name)
        if init is None or not at_least(self.release, init.since):
            names = inits_at(self.release)
            expected = ", ".join(f"`{known}`" for known in names)
            raise PydanticCustomError(
                "unknown_value", "not one of {expected}", {"expected": expected, "choices": names}
            )
        return name


def _init_schema(release: str) -> dict[str, Any]:
    names = inits_at(release)
    listed = {"pissa_niter_16" if name == "pissa_niter_N" else name: INITS[name] for name in names}
    spelled = [NITER] if "pissa_niter_N" in names else []
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
    return Annotated[str, AfterValidator(InitCheck(release)), WithJsonSchema(_init_schema(release))]


def init_type(release: str) -> object:
    """Return the type of `init_lora_weights`. Before 0.7.0, it could only be true or false."""
    return InitFlag | _init_name(release) if inits_at(release) else bool


def check_number(value: object) -> float:
    """Return a finite number, or raise `PydanticKnownError`."""
    # Pydantic's own float accepts anything with `__float__`, such as decimals and tensors.
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PydanticKnownError("float_type")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise PydanticKnownError("finite_number")
    return value


def check_json(value: dict[str, object]) -> dict[str, object]:
    """Return an object that can be written as JSON, or raise `PydanticCustomError`."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise PydanticCustomError(
            "not_json", "not JSON: {reason}", {"reason": str(error)}
        ) from None
    return value


def _check_integer(value: object) -> int:
    # A `Literal` of integers would also accept 4.0 for 4.
    if not isinstance(value, int) or isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


def plain_value(value: object) -> object:
    """Return the value of an enum member, and anything else unchanged."""
    return value.value if isinstance(value, Enum) else value


_PLAIN: Final = BeforeValidator(plain_value)


def as_pair(value: object) -> object:
    """Return a list as a tuple, and anything else unchanged."""
    return tuple(value) if isinstance(value, list) else value


def as_list(value: object) -> object:
    """Return a tuple as a list, and anything else unchanged."""
    return list(value) if isinstance(value, tuple) else value


def as_sorted(value: object) -> object:
    """Return a tuple as a list, a set as a sorted list, and anything else unchanged.

    PEFT stores names in sets, and their order differs between processes.
    """
    if not isinstance(value, set | frozenset):
        return as_list(value)
    try:
        return sorted(value)
    except TypeError:
        return sorted(value, key=repr)  # it is rejected anyway, but in a reproducible order


def as_fields(value: object) -> object:
    """Return a dataclass object, such as PEFT's configs, as a dict of its fields."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value


AS_LIST: Final = BeforeValidator(as_list)
AS_SORTED: Final = BeforeValidator(as_sorted)
"""For lists with no meaningful order, which PEFT also accepts as sets."""

Pattern = Annotated[str, AfterValidator(PatternCheck("{}"))]
"""A regular expression for Python's `re`."""

PathEnd = Annotated[str, AfterValidator(PatternCheck(r"(.*\.)?({})$"))]
"""A pattern for the end of a module path (`get_pattern_key` in `utils/other.py`)."""

LayersName = Annotated[str, AfterValidator(PatternCheck(r"(?:^|.*?\.){}\.(?P<idx>\d+)\."))]
"""A pattern for a module list (`check_target_module_exists` in `tuners/tuners_utils.py`)."""

LayersNames = Annotated[list[LayersName], AS_SORTED]

ModuleName = Annotated[str, Field(min_length=1)]
"""A module name or the end of a module path."""

Names = Annotated[list[ModuleName], AS_SORTED]
"""Module names; a set becomes a sorted list."""

SavedName = Annotated[ModuleName, AfterValidator(PatternCheck(r"(^|.*\.){}($|\..*)"))]
"""A module name that PEFT also reads as a pattern (`check_target_module_exists`)."""

SavedNames = Annotated[list[SavedName], AS_SORTED]

Texts = Annotated[list[str], AS_LIST]

Rank = Annotated[int, Field(ge=1)]

Number = Annotated[float | int, BeforeValidator(check_number)]
"""A finite number. Integers stay integers, as in the file."""

JsonObject = Annotated[dict[str, Any], AfterValidator(check_json)]
"""An object that can be written as JSON."""

Layers = Annotated[list[int], AS_SORTED]
"""Indices of layers."""

Integers = Annotated[list[int], AS_LIST]

TokenIds = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]

QuantBits = Annotated[Literal[2, 4, 8], BeforeValidator(_check_integer)]

TASKS: Final = {
    "SEQ_CLS": "Sequence classification; PEFT also saves the head.",
    "SEQ_2_SEQ_LM": "Text-to-text generation with an encoder and a decoder.",
    "CAUSAL_LM": "Text generation, token by token.",
    "TOKEN_CLS": "Token classification; PEFT also saves the head.",
    "QUESTION_ANS": "Extractive question answering; PEFT also saves the head.",
    "FEATURE_EXTRACTION": "Hidden states, for embeddings or other features.",
}
"""The tasks and their meanings (`peft/utils/peft_types.py`)."""

BIASES: Final = {
    "none": "No bias.",
    "all": "Every bias of the base model.",
    "lora_only": "The biases of the adapted layers.",
}
"""The values of `bias` and the biases that are trained with them."""

TaskType = Annotated[Task, _PLAIN, Meanings(TASKS)]

FirstTaskType = Annotated[FirstTask, _PLAIN, Meanings(TASKS)]

PeftType = Annotated[Literal["LORA"], _PLAIN]

InitFlag = Annotated[
    bool,
    Meanings(
        {
            True: "A is random and B is zero: at first, the adapter changes nothing.",
            False: "Both factors are random.",
        }
    ),
]

if TYPE_CHECKING:
    InitName = str
else:
    InitName = _init_name(PEFT_RELEASE)
"""PEFT's name of an initialisation method."""

LayerRange = Annotated[tuple[int, int], BeforeValidator(as_pair)]
"""A `[start, end)` pair of layer indices. In JSON, it is a list of two."""

LayerRanges = Annotated[list[LayerRange], AS_LIST]
