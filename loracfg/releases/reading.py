"""What the config classes of a release make of `adapter_config.json`.

Sources: `from_pretrained` and `from_peft_type` (`peft/config.py`; up to 0.4.0
`peft/utils/config.py`) and `LoraConfig.__post_init__` (`tuners/lora/config.py`) of the wheels;
`tests/releases` runs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from loracfg.config.constraints import Stage, staged_conflicts
from loracfg.config.fields import FIELDS, fields_of, notes
from loracfg.config.foreign import PEFT_TYPES
from loracfg.config.history import Affects
from loracfg.config.model import LoraConfig
from loracfg.config.problems import refused_keys
from loracfg.config.read import NESTED, ConfigReading
from loracfg.config.releases import at_least
from loracfg.config.tolerance import FATAL_KEYS
from loracfg.config.types import tasks_at
from loracfg.document.parser import escape
from loracfg.document.text import printable
from loracfg.releases.layers import SELECTING, SETTING
from loracfg.releases.outcome import Effect, Reason

Loader = Literal["PeftModel", "PeftConfig", "LoraConfig"]
"""The class whose `from_pretrained` reads the file; `PeftModel`'s is how adapters are loaded."""

_CHECKED_AS_DICT: Final = {
    "velora_config": "0.20.0",
    "arrow_config": "0.21.0",
    "corda_config": "0.21.0",
    "eva_config": "0.21.0",
    "kasa_config": "0.21.0",
    "lora_ga_config": "0.21.0",
    "use_bdlora": "0.21.0",
}
"""Nested configs that must be an object or null, each since a release."""

_BUILT_ON_LOADING: Final = _CHECKED_AS_DICT | {"monteclora_config": "0.20.0"}
"""Nested configs whose own checks run when a file is read, each since a release."""

_CHECKED: Final = {
    "eva_config": {"rho", "tau"},
    "arrow_config": {"top_k", "router_temperature"},
    "velora_config": {"num_groups", "scale", "init_type"},
    "monteclora_config": {"num_samples", "dirichlet_prior", "buffer_size"},
    "kasa_config": {"beta", "gamma"},
    "use_bdlora": {""},
}
"""Their fields that PEFT checks; `""` is a check between fields."""

_MATTERS_ELSEWHERE: Final = frozenset({*SELECTING, *SETTING, "init_lora_weights", "peft_type"})
"""Fields whose loss `loading.py` judges by what it does to the layers at hand."""


def reading_reasons(
    values: Mapping[str, Any],
    reading: ConfigReading,
    release: str,
    loader: Loader = "PeftModel",
) -> Iterator[Reason]:
    """Yield what happens when a release reads a config with these values.

    `reading` is the same config as PEFT 0.21.2 works with it.
    """
    if not at_least(release, "0.5.0") and loader == "PeftConfig":
        return  # it returned a bare PeftConfig that took every key
    yield from _method(values, release, loader)
    yield from _unknown(values, release, loader)
    if not at_least(release, "0.6.0"):
        return  # attributes are set once the object stands, so nothing checks them
    yield from _task(values, release)
    yield from _nested(values, release)
    yield from _disagreements(values, reading, release)


def unknown_keys(values: Mapping[str, Any], release: str) -> list[str]:
    """Return the keys of a file that a release's config does not have."""
    known = fields_of(release) - {"runtime_config"}
    return [key for key in values if key not in known and not _is_read(key, release)]


def _is_read(key: str, release: str) -> bool:
    # Since 0.12.0, PEFT takes the key out itself.
    return key == "runtime_config" and at_least(release, "0.12.0")


def is_set(key: str, value: Any) -> bool:
    """Tell whether dropping a key changes more than how training starts or goes on."""
    info = FIELDS.get(key)
    if info is None or notes(info, Affects) != [Affects.RESULT]:
        return False
    return bool(value) and value != info.get_default(call_default_factory=True)


def _method(values: Mapping[str, Any], release: str, loader: Loader) -> Iterator[Reason]:
    method = values.get("peft_type")
    if "peft_type" in values:
        known = isinstance(method, str) and (method == "LORA" or method in PEFT_TYPES)
        if not known and (at_least(release, "0.5.0") or loader == "PeftModel"):
            message = f"`peft_type` is no method, but `{printable(str(method))}`"
            yield Reason(Effect.RAISES, message, "/peft_type", error="KeyError", stage=Stage.CONFIG)
        return
    if loader == "PeftModel" or (loader == "PeftConfig" and at_least(release, "0.6.0")):
        message = "the key `peft_type` is missing"
        error = "KeyError" if loader == "PeftModel" else "TypeError"
        yield Reason(Effect.RAISES, message, "", error=error, stage=Stage.CONFIG)


def _unknown(values: Mapping[str, Any], release: str, loader: Loader) -> Iterator[Reason]:
    unknown = unknown_keys(values, release)
    if not unknown:
        return
    listed = ", ".join(f"`{printable(key)}`" for key in unknown[:5])
    listed += f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    keys = "the key" if len(unknown) == 1 else "the keys"
    place = f"/{escape(unknown[0])}"
    raises = at_least(release, "0.6.0") and (
        not at_least(release, "0.14.0") or "peft_type" not in values
    )
    if raises:
        message = f"it raises on {keys} {listed}"
        yield Reason(
            Effect.RAISES, message, place, error="TypeError", stage=Stage.CONFIG, count=len(unknown)
        )
        return
    lost = [key for key in unknown if is_set(key, values[key]) and key not in _MATTERS_ELSEWHERE]
    for key in lost:
        message = f"it drops `{key}`, which changes what the adapter computes"
        yield Reason(Effect.DIFFERS, message, f"/{key}")
    if release == "0.14.0" and loader == "PeftConfig":
        # A defect: it kept only what a bare PeftConfig has.
        message = f"it drops all keys of LoRA, because it does not know {listed}"
        yield Reason(Effect.DIFFERS, message, place, count=len(unknown))
    elif len(lost) < len(unknown):
        message = f"it drops {keys} {listed}"
        yield Reason(Effect.DROPS, message, place, count=len(unknown))


def _task(values: Mapping[str, Any], release: str) -> Iterator[Reason]:
    task = values.get("task_type")
    known = task is None or (isinstance(task, str) and task in tasks_at(release))
    if at_least(release, "0.14.0") and not known:
        message = f"it raises on `task_type` `{printable(str(task))}`"
        yield Reason(Effect.RAISES, message, "/task_type", error="ValueError", stage=Stage.CONFIG)


def _nested(values: Mapping[str, Any], release: str) -> Iterator[Reason]:
    for name in _BUILT_ON_LOADING:
        value = values.get(name)
        if value is None or not _is_built(name, release):
            continue
        if isinstance(value, dict):
            yield from _nested_keys(name, value, release)
            yield from _nested_values(name, value, release)
        elif name in _CHECKED_AS_DICT:
            message = f"it raises on `{name}`, which is no object"
            yield Reason(Effect.RAISES, message, f"/{name}", error="TypeError", stage=Stage.CONFIG)
    parameters = values.get("target_parameters")
    if isinstance(parameters, str) and at_least(release, "0.17.0"):
        message = "it raises on `target_parameters`, which is no list"
        yield Reason(
            Effect.RAISES, message, "/target_parameters", error="TypeError", stage=Stage.CONFIG
        )


def _nested_keys(name: str, value: Mapping[str, Any], release: str) -> Iterator[Reason]:
    for key in fatal_keys(name, value, release)[:1]:
        message = f"it fails on `{name}.{printable(key)}`, a key that it does not know"
        pointer = f"/{name}/{escape(key)}"
        yield Reason(Effect.RAISES, message, pointer, error="RecursionError", stage=Stage.CONFIG)


def fatal_keys(name: str, value: Mapping[str, Any], release: str) -> list[str]:
    """Return the unknown keys of a nested config that a release fails on instead of dropping."""
    if not _is_built(name, release):
        return []
    fatal = name in FATAL_KEYS or (name == "velora_config" and release == "0.20.0")
    return [key for key in value if key not in NESTED[name].model_fields] if fatal else []


def _is_built(name: str, release: str) -> bool:
    """Tell whether a release makes an object of a nested config as it reads a file."""
    since = _BUILT_ON_LOADING.get(name)
    return since is not None and at_least(release, since)


def refused_on_loading(name: str, value: dict[str, Any], release: str) -> list[str]:
    """Return the keys of a nested config whose values a release checks as it reads, and refuses.

    `""` stands for what must hold between keys.
    """
    if not _is_built(name, release):
        return []
    return [key for key in refused_keys(NESTED[name], value) if key in _CHECKED.get(name, ())]


def _nested_values(name: str, value: dict[str, Any], release: str) -> Iterator[Reason]:
    for key in refused_on_loading(name, value, release):
        inner = f".{key}" if key else ""
        message = f"it raises on the value of `{name}{inner}`"
        pointer = f"/{name}/{key}" if key else f"/{name}"
        yield Reason(Effect.RAISES, message, pointer, error="ValueError", stage=Stage.CONFIG)


def _disagreements(
    values: Mapping[str, Any], reading: ConfigReading, release: str
) -> Iterator[Reason]:
    config = _config_at(reading.config, release)
    for stage, conflict in staged_conflicts(config, release):
        if reading.usable(conflict.field, *conflict.others):
            pointer = f"/{conflict.field}" if conflict.field in values else ""
            yield Reason(
                Effect.RAISES,
                f"it raises, because {conflict.message}",
                pointer,
                error="ValueError",
                stage=stage,
            )


def _config_at(config: LoraConfig, release: str) -> LoraConfig:
    """Return a config without what a release drops."""
    known = fields_of(release)
    dropped = {
        name: info.get_default(call_default_factory=True)
        for name, info in LoraConfig.model_fields.items()
        if name not in known
    }
    return config.model_copy(update=dropped) if dropped else config
