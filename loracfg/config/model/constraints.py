"""The constraints between fields, shared by the model and by the rules on files.

Each check returns the field to change and what is wrong, or None. The sources are in PEFT 0.21.2:
`LoraConfig.__post_init__` (`tuners/lora/config.py`) raises when the config is created.
`inject_adapter` (`tuners/tuners_utils.py`), `resolve_lora_variant` and `ParamWrapper`
(`tuners/lora/layer.py`) and `set_additional_trainable_modules` (`utils/other.py`) raise when the
adapter is created.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from loracfg.config.history.releases import PEFT_RELEASE, at_least
from loracfg.document.display import printable
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class Conflict(NamedTuple):
    """Two or more fields with incompatible values; `field` is the one to change."""

    name: str
    field: str
    message: str
    others: tuple[str, ...] = ()


WITH_PARAMETERS: Final = "option-with-parameters"
"""The only conflict that depends on the base: PEFT raises if the base has a targeted parameter."""

VARIANTS: Final = (
    "use_dora",
    "alora_invocation_tokens",
    "arrow_config",
    "use_bdlora",
    "velora_config",
    "monteclora_config",
    "kasa_config",
)
"""Mutually exclusive fields; `init_lora_weights: "mica"` counts as another one."""


def active_variants(config: ConfigValues) -> tuple[str, ...]:
    """Return the LoRA variants that a config enables, as field names or `mica`."""
    active = tuple(name for name in VARIANTS if getattr(config, name, None))
    return (*active, "mica") if config.init_lora_weights == "mica" else active


def _no_targets(config: ConfigValues) -> Conflict | None:
    if config.target_modules is None or config.target_modules:
        return None
    if getattr(config, "target_parameters", None):  # the field is new in 0.17.0
        return None
    return Conflict(
        "no-targets",
        "target_modules",
        "`target_modules` is empty and there are no `target_parameters`, so nothing is adapted",
        ("target_parameters",),
    )


def _layers_of_pattern(config: ConfigValues) -> Conflict | None:
    if not isinstance(config.target_modules, str):
        return None
    for field in ("layers_to_transform", "layers_pattern"):
        if getattr(config, field) is not None:
            return Conflict(
                "layers-of-pattern",
                field,
                f"`{field}` is set, but `target_modules` is a pattern, which selects the layers "
                "itself",
                ("target_modules",),
            )
    return None


def _pattern_without_layers(config: ConfigValues) -> Conflict | None:
    if config.layers_to_transform is None:
        return _pattern_with_falsy_layers(config)
    return None


def _pattern_with_falsy_layers(config: ConfigValues) -> Conflict | None:
    if config.layers_pattern and not config.layers_to_transform:
        return Conflict(
            "pattern-without-layers",
            "layers_pattern",
            "`layers_pattern` is set without `layers_to_transform`",
            ("layers_to_transform",),
        )
    return None


def _dora_with_megatron(config: ConfigValues) -> Conflict | None:
    if config.use_dora and config.megatron_config:
        return Conflict(
            "dora-with-megatron",
            "use_dora",
            "`use_dora` does not work with `megatron_config`",
            ("megatron_config",),
        )
    return None


def _dora_with_loftq(config: ConfigValues) -> Conflict | None:
    if config.use_dora and config.init_lora_weights == "loftq":
        return Conflict(
            "dora-with-loftq",
            "use_dora",
            '`use_dora` does not work with `init_lora_weights` `"loftq"`',
            ("init_lora_weights",),
        )
    return None


def _loftq_without_config(config: ConfigValues) -> Conflict | None:
    if config.init_lora_weights == "loftq" and not config.loftq_config:
        return Conflict(
            "loftq-without-config",
            "init_lora_weights",
            '`init_lora_weights` is `"loftq"`, but `loftq_config` is empty',
            ("loftq_config",),
        )
    return None


def _lora_bias(config: ConfigValues) -> Conflict | None:
    if not config.lora_bias:
        return None
    if config.init_lora_weights not in (True, False):
        value = f"`{config.init_lora_weights}`" if config.init_lora_weights else "empty"
        return Conflict(
            "lora-bias-with-init",
            "lora_bias",
            f"`lora_bias` needs `init_lora_weights` to be true or false, not {value}",
            ("init_lora_weights",),
        )
    if config.use_dora:
        return Conflict(
            "lora-bias-with-dora",
            "lora_bias",
            "`lora_bias` does not work with `use_dora`",
            ("use_dora",),
        )
    return None


def _one_variant(config: ConfigValues) -> Conflict | None:
    active = active_variants(config)
    if len(active) < 2:
        return None
    fields = tuple("init_lora_weights" if name == "mica" else name for name in active)
    listed = " and ".join(f"`{name}`" for name in active)
    return Conflict(
        "exclusive-variants",
        fields[1],
        f"{listed} are mutually exclusive",
        (fields[0], *fields[2:]),
    )


def _tokens_or_module(config: ConfigValues) -> Conflict | None:
    indices = config.trainable_token_indices
    both = set(indices) & set(config.modules_to_save or ()) if isinstance(indices, dict) else ()
    for name in sorted(both):
        return Conflict(
            "tokens-of-saved-module",
            "trainable_token_indices",
            f"`{printable(name)}` is in both `trainable_token_indices` and `modules_to_save`",
            ("modules_to_save",),
        )
    return None


def _plain_parameters(config: ConfigValues) -> Conflict | None:
    if not config.target_parameters:
        return None
    options = ("lora_dropout", "fan_in_fan_out", "lora_bias")
    set_options = (*(name for name in options if getattr(config, name)), *active_variants(config))
    for name in set_options:
        return Conflict(
            WITH_PARAMETERS,
            "init_lora_weights" if name == "mica" else name,
            f"`{name}` does not work with `target_parameters`",
            ("target_parameters",),
        )
    return None


def _router(config: ConfigValues) -> Conflict | None:
    if config.arrow_config is None:
        return None
    return Conflict(
        "router-in-file",
        "arrow_config",
        "`arrow_config` is set, but PEFT cannot load a router from a file: the list of adapters "
        "to route among is lost",
    )


def _corda_in_file(config: ConfigValues) -> Conflict | None:
    if config.init_lora_weights != "corda":
        return None
    return Conflict(
        "corda-in-file",
        "init_lora_weights",
        '`init_lora_weights` is `"corda"`, which PEFT repeats on loading, but the covariances that '
        "it needs are not saved",
    )


def _loftq_settings(config: ConfigValues) -> Conflict | None:
    settings = config.loftq_config
    if config.init_lora_weights != "loftq" or isinstance(settings, dict):
        return None
    for name in type(settings).model_fields:
        if name not in settings.model_fields_set:
            return Conflict(
                "loftq-without-setting",
                "loftq_config",
                f"`loftq_config` has no `{name}`, and PEFT fails without it",
                ("init_lora_weights",),
            )
    return None


class Stage(Enum):
    """When PEFT raises: while it reads the config, or while it creates the layers."""

    CONFIG = "config"
    LAYERS = "layers"


def _sets(*fields: str) -> Callable[[Any], bool]:
    """Return a test that is true if any of these fields is neither null nor false."""

    def test(config: Any) -> bool:
        values = [getattr(config, field, None) for field in fields]
        return any(value is not None and value is not False for value in values)

    return test


def _targets_nothing(config: Any) -> bool:
    return config.target_modules is not None and not config.target_modules


def _names_init(config: Any) -> bool:
    return isinstance(getattr(config, "init_lora_weights", None), str)


def _has_variant(config: Any) -> bool:
    return bool(active_variants(config))


class Constraint(NamedTuple):
    """A check, and the releases that raise if it finds a conflict.

    `needs` is a quick test. If it is false for a config, the check finds nothing in it, even after
    a release has dropped the fields that it does not know.
    """

    check: Callable[[Any], Conflict | None]
    needs: Callable[[Any], bool]
    since: str
    before: str | None = None
    stage: Stage = Stage.CONFIG

    def holds_in(self, release: str) -> bool:
        """Return whether a release raises on the conflict."""
        started = at_least(release, self.since)
        return started and not (self.before and at_least(release, self.before))


CONSTRAINTS: Final = (
    Constraint(_no_targets, _targets_nothing, "0.0.1", stage=Stage.LAYERS),
    Constraint(_layers_of_pattern, _sets("layers_to_transform", "layers_pattern"), "0.6.0"),
    Constraint(_pattern_with_falsy_layers, _sets("layers_pattern"), "0.14.0", "0.21.0"),
    Constraint(_pattern_without_layers, _sets("layers_pattern"), "0.21.0"),
    Constraint(_dora_with_megatron, _sets("use_dora"), "0.9.0"),
    Constraint(_dora_with_loftq, _sets("use_dora"), "0.9.0", "0.10.0"),
    Constraint(_loftq_without_config, _names_init, "0.7.0", "0.14.0", stage=Stage.LAYERS),
    Constraint(_loftq_without_config, _names_init, "0.14.0"),
    Constraint(_lora_bias, _sets("lora_bias"), "0.14.0"),
    Constraint(_one_variant, _has_variant, "0.20.0", stage=Stage.LAYERS),
    Constraint(_tokens_or_module, _sets("trainable_token_indices"), "0.15.0", stage=Stage.LAYERS),
    Constraint(_plain_parameters, _sets("target_parameters"), "0.17.0", stage=Stage.LAYERS),
)

LOAD_CONSTRAINTS: Final = (
    Constraint(_router, _sets("arrow_config"), "0.18.0", stage=Stage.LAYERS),
    Constraint(_corda_in_file, _names_init, "0.15.0", stage=Stage.LAYERS),
    Constraint(_loftq_settings, _names_init, "0.7.0", stage=Stage.LAYERS),
)
"""Configs that PEFT can create, but not load from a file (`lora/layer.py`, `lora/variants.py`)."""


def conflicts(config: object, release: str = PEFT_RELEASE) -> list[Conflict]:
    """Return the conflicts in a config of a release that make the release raise."""
    return [conflict for _, conflict in _broken(CONSTRAINTS, config, release)]


def load_conflicts(config: object, release: str = PEFT_RELEASE) -> list[Conflict]:
    """Return the conflicts in a config that PEFT can create, but not load from a file."""
    return [conflict for _, conflict in _broken(LOAD_CONSTRAINTS, config, release)]


def at_stake(config: object) -> tuple[Constraint, ...]:
    """Return the constraints that a config may break in some release."""
    everything = (*CONSTRAINTS, *LOAD_CONSTRAINTS)
    return tuple(constraint for constraint in everything if constraint.needs(config))


def staged_conflicts(
    config: object, release: str, constraints: Iterable[Constraint]
) -> list[tuple[Stage, Conflict]]:
    """Return the conflicts that keep a release from loading the config, and when it raises."""
    found = _broken(constraints, config, release)
    return [(constraint.stage, conflict) for constraint, conflict in found]


def _broken(
    constraints: Iterable[Constraint], config: object, release: str
) -> Iterator[tuple[Constraint, Conflict]]:
    for constraint in constraints:
        if constraint.holds_in(release) and (conflict := constraint.check(config)):
            yield constraint, conflict
