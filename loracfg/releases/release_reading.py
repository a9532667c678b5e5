"""Find what happens when the config classes of a release read `adapter_config.json`.

Sources: `from_pretrained` and `from_peft_type` (`peft/config.py`; up to 0.4.0
`peft/utils/config.py`) and `LoraConfig.__post_init__` (`tuners/lora/config.py`) of the wheels;
`tests/releases` runs them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from loracfg.config.history.field_facts import default_of, fields_of
from loracfg.config.history.field_table import NESTED, RESULTS, SINCE
from loracfg.config.history.releases import RELEASES, at_least
from loracfg.config.model.constraints import Stage, staged_conflicts
from loracfg.config.model.known_names import tasks_at
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.config.reading.foreign_config import PEFT_TYPES
from loracfg.config.reading.tolerance import FATAL_KEYS
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.releases.adapted_layers import SELECTING, SETTING
from loracfg.releases.outcome import Effect, Reason

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.document.json_value import JsonObject

Loader = Literal["PeftModel", "PeftConfig", "LoraConfig"]
"""The class whose `from_pretrained` reads the file; adapters are loaded with `PeftModel`."""

_CHECKED_AS_DICT: Final = {
    "velora_config": "0.20.0",
    "arrow_config": "0.21.0",
    "corda_config": "0.21.0",
    "eva_config": "0.21.0",
    "kasa_config": "0.21.0",
    "lora_ga_config": "0.21.0",
    "use_bdlora": "0.21.0",
}
"""Nested configs that must be an object or null, with the first release that requires it."""

_BUILT_ON_LOADING: Final = _CHECKED_AS_DICT | {"monteclora_config": "0.20.0"}
"""Nested configs that check themselves when a file is read, with the first release to do so."""

_CHECKED: Final = {
    "eva_config": {"rho", "tau"},
    "arrow_config": {"top_k", "router_temperature"},
    "velora_config": {"num_groups", "scale", "init_type"},
    "monteclora_config": {"num_samples", "dirichlet_prior", "buffer_size"},
    "kasa_config": {"beta", "gamma"},
    "use_bdlora": {""},
}
"""The fields of nested configs that PEFT checks; `""` is a check between fields."""

_LOOKED_AT: Final = ("peft_type", "task_type", "init_lora_weights")
"""Fields with values that only some releases know."""

_MATTERS_ELSEWHERE: Final = frozenset({*SELECTING, *SETTING, "init_lora_weights", "peft_type"})
"""Fields that `loading.py` checks: whether dropping them changes any layers of the adapter."""


class ReleaseReading:
    """Finds what happens when releases read a config; results are shared between releases.

    `reading` is the same config as the newest PEFT reads it.
    """

    def __init__(
        self, values: Mapping[str, Any], reading: ConfigReading, loader: Loader = "PeftModel"
    ) -> None:
        """Read these values with one class."""
        self.values = values
        self.reading = reading
        self.loader: Loader = loader

    def reasons(self, release: str) -> Iterator[Reason]:
        """Yield what happens when a release reads the config."""
        if not at_least(release, "0.5.0") and self.loader == "PeftConfig":
            return  # it returned a plain PeftConfig that accepts every key
        yield from _method(self.values, release, self.loader)
        yield from self._unknown.get(release, ())
        if not at_least(release, "0.6.0"):
            return  # attributes are set after the object is created, so nothing checks them
        yield from _task(self.values, release)
        if self._has_nested:
            yield from _nested(self.values, release)
        if self.reading.at_stake:
            yield from _conflicts(self.values, self.reading, release)

    @cached_property
    def is_plain(self) -> bool:
        """Whether the result only depends on what `looked_at` returns."""
        texts = [self.values.get(name) for name in _LOOKED_AT]
        short = all(isinstance(text, str | bool | None) and len(str(text)) < 100 for text in texts)
        return short and self._has_known_keys and not self._has_nested

    @property
    def looked_at(self) -> tuple[Hashable, ...]:
        """Everything in a plain config that the result depends on."""
        values = [self.values.get(name) for name in _LOOKED_AT]
        return (tuple(self.values), self._lost, self.loader, *values)

    @cached_property
    def _has_known_keys(self) -> bool:
        return self.values.keys() <= SINCE.keys()

    @cached_property
    def _has_nested(self) -> bool:
        given = any(self.values.get(name) is not None for name in _BUILT_ON_LOADING)
        return given or isinstance(self.values.get("target_parameters"), str)

    @cached_property
    def _lost(self) -> tuple[str, ...]:
        """The keys that change what the adapter computes, except those that `loading.py` checks."""
        values = self.values.items()
        return tuple(k for k, v in values if k not in _MATTERS_ELSEWHERE and is_set(k, v))

    @cached_property
    def _unknown(self) -> dict[str, tuple[Reason, ...]]:
        reasons = _cached_reasons if self._has_known_keys else _unknown_reasons
        return reasons(tuple(self.values), self._lost, self.loader)


def _unknown_reasons(
    keys: tuple[str, ...], lost: tuple[str, ...], loader: Loader
) -> dict[str, tuple[Reason, ...]]:
    """Return what each release does with keys that it does not know."""
    found: dict[str, tuple[Reason, ...]] = {}
    for release in RELEASES:
        if unknown := unknown_keys(keys, release):
            raises = at_least(release, "0.6.0") and (
                not at_least(release, "0.14.0") or "peft_type" not in keys
            )
            if raises:
                found[release] = (_raises_on(unknown),)
            else:
                left = [key for key in unknown if key in lost]
                found[release] = tuple(_dropping(unknown, left, release, loader))
    return found


_cached_reasons = lru_cache(64)(_unknown_reasons)
"""The same with a cache, for keys that PEFT has written, since there are few such sets."""


def _raises_on(unknown: list[str]) -> Reason:
    return Reason(
        Effect.RAISES,
        f"it raises on {_keys(unknown)} {_listed(unknown)}",
        f"/{escape(unknown[0])}",
        error="TypeError",
        stage=Stage.CONFIG,
        count=len(unknown),
    )


def _dropping(
    unknown: list[str], lost: list[str], release: str, loader: Loader
) -> Iterator[Reason]:
    place = f"/{escape(unknown[0])}"
    for key in lost:
        message = f"it drops `{key}`, which changes what the adapter computes"
        yield Reason(Effect.DIFFERS, message, f"/{key}")
    if release == "0.14.0" and loader == "PeftConfig":
        # A bug in PEFT: it only kept the keys of a plain PeftConfig.
        message = f"it drops all LoRA keys, because it does not know {_listed(unknown)}"
        yield Reason(Effect.DIFFERS, message, place, stage=Stage.CONFIG, count=len(unknown))
    elif len(lost) < len(unknown):
        message = f"it drops {_keys(unknown)} {_listed(unknown)}"
        yield Reason(Effect.DROPS, message, place, count=len(unknown))


def _keys(unknown: list[str]) -> str:
    return "the key" if len(unknown) == 1 else "the keys"


def _listed(unknown: list[str]) -> str:
    listed = ", ".join(f"`{printable(key)}`" for key in unknown[:5])
    return f"{listed} and {len(unknown) - 5} more" if len(unknown) > 5 else listed


def unknown_keys(values: Iterable[str], release: str) -> list[str]:
    """Return the keys of a file that a release's config does not have.

    `runtime_config` is none of them since 0.12.0, which introduced it and removes it itself.
    """
    known = fields_of(release)
    return [key for key in values if key not in known]


def is_set(key: str, value: object) -> bool:
    """Tell whether dropping a key changes what the adapter computes."""
    return bool(value) and key in RESULTS and value != RESULTS[key]


def _method(values: Mapping[str, Any], release: str, loader: Loader) -> Iterator[Reason]:
    method = values.get("peft_type")
    if "peft_type" in values:
        known = isinstance(method, str) and (method == "LORA" or method in PEFT_TYPES)
        if not known and (at_least(release, "0.5.0") or loader == "PeftModel"):
            message = f"`peft_type` is `{printable(str(method))}`, which is not a PEFT method"
            yield Reason(Effect.RAISES, message, "/peft_type", error="KeyError", stage=Stage.CONFIG)
        return
    if loader == "PeftModel" or (loader == "PeftConfig" and at_least(release, "0.6.0")):
        message = "the key `peft_type` is missing"
        error = "KeyError" if loader == "PeftModel" else "TypeError"
        yield Reason(Effect.RAISES, message, "", error=error, stage=Stage.CONFIG)


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
            message = f"it raises on `{name}`, which is not an object"
            yield Reason(Effect.RAISES, message, f"/{name}", error="TypeError", stage=Stage.CONFIG)
    parameters = values.get("target_parameters")
    if isinstance(parameters, str) and at_least(release, "0.17.0"):
        message = "it raises on `target_parameters`, which is not a list"
        yield Reason(
            Effect.RAISES, message, "/target_parameters", error="TypeError", stage=Stage.CONFIG
        )


def _nested_keys(name: str, value: Mapping[str, Any], release: str) -> Iterator[Reason]:
    for key in fatal_keys(name, value, release)[:1]:
        message = f"it fails on the unknown key `{name}.{printable(key)}`"
        pointer = f"/{name}/{escape(key)}"
        yield Reason(Effect.RAISES, message, pointer, error="RecursionError", stage=Stage.CONFIG)


def fatal_keys(name: str, value: Mapping[str, object], release: str) -> list[str]:
    """Return the unknown keys of a nested config on which a release fails."""
    if not _is_built(name, release):
        return []
    fatal = name in FATAL_KEYS or (name == "velora_config" and release == "0.20.0")
    return [key for key in value if key not in NESTED[name]] if fatal else []


def _is_built(name: str, release: str) -> bool:
    """Tell whether a release creates the object of a nested config when it reads a file."""
    since = _BUILT_ON_LOADING.get(name)
    return since is not None and at_least(release, since)


def refused_on_loading(name: str, value: JsonObject, release: str) -> list[str]:
    """Return the keys of a nested config with values that a release rejects when it reads a file.

    `""` is a rejected combination of values.
    """
    if not _is_built(name, release):
        return []
    from loracfg.config.reading import with_models as read
    from loracfg.config.reading.field_problems import rejected_keys

    refused = rejected_keys(read.NESTED[name], value)
    return [key for key in refused if key in _CHECKED.get(name, ())]


def _nested_values(name: str, value: dict[str, Any], release: str) -> Iterator[Reason]:
    for key in refused_on_loading(name, value, release):
        inner = f".{key}" if key else ""
        message = f"it raises on the value of `{name}{inner}`"
        pointer = f"/{name}/{key}" if key else f"/{name}"
        yield Reason(Effect.RAISES, message, pointer, error="ValueError", stage=Stage.CONFIG)


def _conflicts(values: Mapping[str, Any], reading: ConfigReading, release: str) -> Iterator[Reason]:
    known: Any = _KnownFields(reading.config, release)
    for stage, conflict in staged_conflicts(known, release, reading.at_stake):
        if reading.usable(conflict.field, *conflict.others):
            pointer = f"/{conflict.field}" if conflict.field in values else ""
            yield Reason(
                Effect.RAISES,
                f"it raises, because {conflict.message}",
                pointer,
                error="ValueError",
                stage=stage,
            )


class _KnownFields:
    """A config in which the fields that a release does not know have their defaults."""

    def __init__(self, config: ConfigValues, release: str) -> None:
        self._config = config
        self._known = fields_of(release)

    def __getattr__(self, name: str) -> Any:
        if name in self._known:
            return getattr(self._config, name)
        return default_of(name)
