"""What a request asks to validate: adapters, their base and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from loracfg_api.wording import refusal, where_rules_are_listed
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from loracfg.adapter.files import Files
from loracfg.base.search import UploadedBase
from loracfg.config.history.releases import FIRST_TO_SAVE, between, loading_release
from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.rules.registry import all_rules
from loracfg.runtimes.asked import find_runtime, text_patterns

ADAPTER: Final = "adapter"
"""The default name of an adapter."""


def _found_by(find: Callable[[str], object]) -> AfterValidator:
    """Return a validator that accepts what `find` finds, and rejects with its message."""

    def check(text: str) -> str:
        try:
            find(text)
        except LoracfgError as error:
            raise refusal(error.message, error.help) from None
        return text

    return AfterValidator(check)


def _known_codes() -> list[str]:
    """Return what selects rules: names, codes and code prefixes."""
    codes = [rule.code for rule in all_rules()]
    starts = {code[:length] for code in codes for length in range(2, len(code) + 1)}
    return [*sorted(starts), *(rule.name for rule in all_rules())]


MOST_CODES: Final = 1000
CODES: Final = tuple(_known_codes())
_CODES: Final = frozenset(CODES)
_LOADING: Final = between(FIRST_TO_SAVE)
RELEASE_NAMES: Final = (
    *_LOADING,
    *dict.fromkeys(release.rpartition(".")[0] for release in _LOADING),
)
"""The releases that load adapters, and their series; a series means its last release."""


def _known_code(text: str) -> str:
    if not _CODES & {text.upper(), text.lower()}:
        raise refusal(f"there is no rule `{printable(text)}`", where_rules_are_listed())
    return text


_MORE_KEYS: Final = 4
"""How many unknown keys an object may have to get an error for each of them."""


class Fields(BaseModel):
    """An object with known keys; with many others, it is a single error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _few_keys(cls, value: object) -> object:
        known = len(cls.model_fields)
        if isinstance(value, dict) and len(value) > known + _MORE_KEYS:
            raise ValueError(f"it has {len(value)} keys, but only {known} are known")
        return value


_LONGEST_RUNTIME: Final = 1000
RUNTIMES: Final = {
    "maxLength": _LONGEST_RUNTIME,
    "anyOf": [{"pattern": one} for one in text_patterns()],
}
"""The schema of an engine; a single pattern for all would be too large for validators."""
Runtime = Annotated[
    str,
    Field(max_length=_LONGEST_RUNTIME),
    _found_by(find_runtime),
    Field(
        json_schema_extra={**RUNTIMES},
        examples=["vllm==0.33,max_lora_rank=64"],
    ),
]
Release = Annotated[
    str,
    _found_by(loading_release),
    Field(json_schema_extra={"enum": [*RELEASE_NAMES]}, examples=["0.12.0"]),
]
Code = Annotated[str, AfterValidator(_known_code), Field(json_schema_extra={"enum": [*CODES]})]
"""A rule code, a code prefix, or the name of a rule."""


class ValidateOptions(Fields):
    """How to validate, as on the command line."""

    class_name: str | None = Field(
        None,
        alias="class",
        description="Model class (default: the one in the config).",
        max_length=200,
    )
    peft: Release | None = Field(None, description="Also check that this PEFT release loads it.")
    runtimes: list[Runtime] = Field(
        default_factory=list,
        alias="for",
        description="Also check that these engines load it and compute the same.",
        max_length=100,
    )
    select: list[Code] = Field(
        default_factory=list, description="Only report these rules.", max_length=MOST_CODES
    )
    ignore: list[Code] = Field(
        default_factory=list, description="Do not report these rules.", max_length=MOST_CODES
    )
    preview: bool = Field(False, description="Also run rules that are in preview.")


DEFAULTS: Final = ValidateOptions.model_validate({})


@dataclass(frozen=True)
class Submission:
    """Adapters by their names in the report, and how to validate them."""

    adapters: Mapping[str, Files]
    base: UploadedBase | None = None
    options: ValidateOptions = field(default_factory=lambda: DEFAULTS)
