"""The kinds noted about an adapter before rules run; most rules only run for some of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.config.history.field_table import DEFAULTS
from loracfg.planning.experts import LAYOUTS as EXPERT_LAYOUTS
from loracfg.planning.experts import has_stacks

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.planning.plan import Plan

VALUES: Final = "values"
VERDICTS: Final = "verdicts"
RELEASE: Final = "release"
LOST: Final = "lost-module"
DIFFERENCE: Final = "difference"
UNLIKE_PLAN: Final = "unlike-plan"
TOKENIZER: Final = "tokenizer"
LINK: Final = "link"
WRAPPED_NAME: Final = "wrapped-name"
MISPLACED: Final = "misplaced-name"
ADAPTER_NAME: Final = "adapter-name"
CONFUSING: Final = "confusing-path"
NOTHING: Final = "nothing"
OTHER_FILES: Final = "other-files"
BASE_FAULT: Final = "base-fault"
TEXT_TARGETS: Final = "text-targets"
ZERO_ALPHA: Final = "zero-alpha"
NO_ALPHA: Final = "no-alpha"
NO_TASK: Final = "no-task"
NO_BASE_NAME: Final = "no-base-name"
DTYPES: Final = "dtypes"
EMPTY: Final = "empty"
METADATA: Final = "metadata"
TIED: Final = "tied"
EXPERTS: Final = "experts"
STACKED: Final = "stacked-experts"
LABELS: Final = "labels"
OLDER_NAMES: Final = "older-names"
OTHER_MODEL: Final = "saved-from-other-model"
OTHER_DEFAULT: Final = "other-default-class"
OWN_CODE: Final = "own-code"
IDLE_TARGETS: Final = "idle-targets"
SAVED_AS_OTHER: Final = "saved-as-other-class"
LIVE: Final = "live"
PLANNED: Final = "planned"
MEANINGS: Final = {
    VALUES: "tensor values that were read (`--data`)",
    VERDICTS: "an engine to serve it (`--for`)",
    RELEASE: "a PEFT release to load it (`--peft`)",
    LOST: "tensors for modules that the base does not have",
    DIFFERENCE: "tensors that are missing, not expected or of a different shape",
    UNLIKE_PLAN: "tensors that are not exactly those of its plan",
    TOKENIZER: "a tokenizer in its folder",
    LINK: "a link out of its folder",
    WRAPPED_NAME: "tensor names with the mark of a PyTorch wrapper",
    MISPLACED: "tensor names with the prefix missing or repeated",
    ADAPTER_NAME: "an adapter name in its tensor names",
    CONFUSING: "a module path with a word that PEFT uses for parts",
    NOTHING: "what stops loracfg before any rule runs",
    OTHER_FILES: "files other than a config and safetensors weights, or without one of them",
    BASE_FAULT: "a base with a fault",
    TEXT_TARGETS: "`target_modules` as a string",
    ZERO_ALPHA: "a `lora_alpha` of 0",
    NO_ALPHA: "no `lora_alpha`",
    NO_TASK: "no `task_type`",
    NO_BASE_NAME: "no `base_model_name_or_path`",
    DTYPES: "tensors that are not all `F32`, all `F16` or all `BF16`",
    EMPTY: "no tensors, or empty ones",
    METADATA: "metadata in its weight file",
    TIED: "a base with tied weights",
    EXPERTS: "experts that PEFT converts or that the base packs",
    STACKED: "a base with stacked experts",
    LABELS: "a different number of labels than the base",
    OLDER_NAMES: "tensor names that PEFT converts",
    OTHER_MODEL: "a class in `auto_mapping` that belongs to a different model",
    OTHER_DEFAULT: "modules that the class selected by the config does not have",
    OWN_CODE: "a base with custom code",
    IDLE_TARGETS: "an entry of `target_modules` that selects no module",
    SAVED_AS_OTHER: "a base that was saved from a different class",
    LIVE: "a live model (`loracfg.check`)",
    PLANNED: "a config that has not been trained yet (`loracfg plan`)",
}
"""What an adapter has if a kind is noted. `meaning` explains all other kinds."""
_USUAL: Final = frozenset({CONFIG_NAME, SAFETENSORS_NAME})
_HARMLESS: Final = frozenset({"README.md", ".gitattributes"})
"""Files about which no rule says anything."""
_TRAINED: Final = frozenset({"F32", "F16", "BF16"})
OF_BASE: Final = "base-"
"""The prefix of the kinds of faults that a base has."""
_OF_CONFIG: Final = "config."
_OF_TENSORS: Final = "part."
_OF_POLICY: Final = "policy."


def changed(field: str) -> str:
    """Return the kind for a config field that does not have its default."""
    return f"{_OF_CONFIG}{field}"


def tensor_of(part: Part) -> str:
    """Return the kind for tensors of a part."""
    return f"{_OF_TENSORS}{part}"


def restriction(name: str) -> str:
    """Return the kind for a policy that restricts something."""
    return f"{_OF_POLICY}{name}"


def meaning(kind: str) -> str:
    """Return what an adapter has if a kind is noted: a noun, as in `MEANINGS`."""
    if kind.startswith(_OF_CONFIG):
        return f"a `{kind.removeprefix(_OF_CONFIG)}` other than the default"
    if kind.startswith(_OF_TENSORS):
        return f"`{kind.removeprefix(_OF_TENSORS)}` tensors"
    if kind.startswith(_OF_POLICY):
        name = kind.removeprefix(_OF_POLICY).replace("_", "-")
        return f"a policy with `{name}`"
    return MEANINGS.get(kind, f"a fault of the kind `{kind}`")


_WRITTEN_ON_SAVING: Final = frozenset({NO_ALPHA, NO_TASK, NO_BASE_NAME})
"""Kinds about what PEFT adds to a config when it saves an adapter."""


def noted(subject: Subject) -> frozenset[str]:
    """Return all kinds that are noted: faults, conflicts, failures, and those above."""
    found = frozenset(_noted(subject))
    return found - _WRITTEN_ON_SAVING if subject.is_planned else found


def _noted(subject: Subject) -> Iterator[str]:
    adapter, compared, table = subject.adapter, subject.compared, subject.adapter.table
    yield from (fault.kind for fault in subject.faults)
    if adapter.reading:
        config = adapter.reading.config
        yield from (conflict.name for conflict in adapter.reading.conflicts)
        yield from (changed(k) for k, one in DEFAULTS.items() if getattr(config, k) != one)
    if subject.plan:
        yield from (failure.kind for failure in subject.plan.failures)
    yield from map(tensor_of, table.parts)
    if subject.policy:
        yield from map(restriction, subject.policy.restrictions)
    differs = bool(compared.missing or compared.mismatched or compared.unplanned)
    others = {
        VALUES: adapter.values is not None,
        VERDICTS: subject.verdicts,
        RELEASE: subject.release is not None,
        LOST: compared.lost_paths,
        DIFFERENCE: differs,
        UNLIKE_PLAN: differs or subject.plan is None or subject.plan.failures,
        TOKENIZER: adapter.tokenizer is not None,
        LINK: adapter.links,
        WRAPPED_NAME: table.wrapped,
        MISPLACED: table.misplaced,
        ADAPTER_NAME: table.adapters,
        CONFUSING: table.confusing,
        LIVE: subject.live is not None,
        PLANNED: subject.is_planned,
    }
    for found in (others, _of_files(adapter), _of_config(adapter.config), _of_base(subject)):
        yield from (kind for kind, is_there in found.items() if is_there)


def _of_files(adapter: Adapter) -> dict[str, object]:
    header, reading = adapter.header, adapter.reading
    return {
        OTHER_FILES: adapter.files.keys() - _HARMLESS != _USUAL,
        NO_ALPHA: reading is not None and "lora_alpha" not in reading.present,
        DTYPES: len(adapter.dtypes_used) != 1 or not adapter.dtypes_used <= _TRAINED,
        EMPTY: not adapter.forms or any(0 in shape for shape in adapter.forms),
        METADATA: header is not None and header.metadata.keys() - {"format"},
    }


def _of_config(config: ConfigValues | None) -> dict[str, object]:
    if config is None:
        return {}
    return {
        TEXT_TARGETS: isinstance(config.target_modules, str),
        ZERO_ALPHA: config.lora_alpha == 0,
        NO_TASK: not config.task_type,
        NO_BASE_NAME: not config.base_model_name_or_path,
    }


def _of_base(subject: Subject) -> dict[str, object]:
    resolved, planning, plan = subject.resolved, subject.planning, subject.plan
    converts = plan is not None and plan.base.model_type in EXPERT_LAYOUTS
    return {
        BASE_FAULT: any(fault.kind.startswith(OF_BASE) for fault in subject.faults),
        TIED: plan is not None and plan.base.tied,
        EXPERTS: planning.unstacked or converts or resolved.packed,
        STACKED: plan is not None and has_stacks(plan.base),
        LABELS: planning.labels is not None,
        OLDER_NAMES: plan is not None and plan.file_names,
        OTHER_MODEL: resolved.other_model is not None,
        OTHER_DEFAULT: resolved.default_class is not None,
        OWN_CODE: resolved.own_code,
        IDLE_TARGETS: plan is not None and _has_idle_targets(plan),
        SAVED_AS_OTHER: plan is not None and plan.base.class_name not in resolved.saved_as,
    }


def _has_idle_targets(plan: Plan) -> bool:
    targets = plan.config.target_modules
    return isinstance(targets, list) and not {*plan.selection.matched.values()}.issuperset(targets)
