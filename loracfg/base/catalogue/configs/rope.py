"""Reads rotary positions: `rope_parameters` from older keys, and their checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from loracfg.base.catalogue.configs.protocol import ROPE
from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

ORIGINAL_LENGTH: Final = "original_max_position_embeddings"
PARTIAL: Final = "partial_rotary_factor"
LENGTHENED: Final = ("llama3", "yarn", "longrope")
"""Kinds that extend positions beyond the training length."""
LAYER_KINDS: Final = ("full_attention", "sliding_attention")

Parameters = dict[str, Any]


def kinds_of(config: Config, parameters: Parameters) -> list[str]:
    """Return the keys of parameters that are types of layers, with their own parameters."""
    labels = config.get("_rope_type_labels") or config.get("layer_types")
    labels = labels or ()
    if not isinstance(labels, (dict, set, frozenset)):
        config.budget.spend_steps(len(parameters) * len(labels) >> 3)
    return [key for key in parameters if key in labels]


def by_kind(config: Config, parameters: Parameters) -> list[Parameters]:
    """Return the parameters of each kind of layer, or of all layers, without null ones."""
    found = [parameters[key] for key in kinds_of(config, parameters)] or [parameters]
    return [one for one in found if one is not None]


def convert(config: Config, keywords: dict[str, object]) -> None:
    """Create `rope_parameters` from the keys of older files, and remove these keys.

    Raises:
        DeclinedError: if the facts do not say how the class does this.
    """
    facts = config.config_class.rope or {"how": ""}
    how = facts["how"]
    if how not in CONVERSIONS:
        raise DeclinedError("the class has its own way to read rotary positions")
    CONVERSIONS[how](config, keywords, facts)


def _keep(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Keep older keys unchanged."""


def _drop(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Remove one parameter."""
    if config.read("rope_parameters").get(facts["key"]) is not None:
        del config.read("rope_parameters")[facts["key"]]


def _tidy(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Remove some keys next to the parameters of each kind of layer."""
    parameters, types = _given(config, {}), config.read("layer_types")
    if types is not None and not set(parameters).isdisjoint(types):
        for key in facts["keys"]:
            parameters.pop(key, None)
    standardise(config)


def _by_layer_kind(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Give full and sliding attention their own parameters, each with its key for theta."""
    old = keywords.pop("rope_scaling", None)
    if config.read("rope_parameters") is None:
        usual = {kind: {"rope_type": "default"} for kind in reversed(LAYER_KINDS)}
        config.set("rope_parameters", usual)
    parameters = config.read("rope_parameters")
    if old is not None:
        for kind in facts["old"]:
            parameters[kind].update(old)
    for kind in LAYER_KINDS:
        key, part = facts[kind]
        theta = config.read("default_theta") if part is None else config.read("default_theta")[part]
        if parameters.get(kind) is None:
            parameters[kind] = {"rope_type": "default"}
        parameters[kind].setdefault("rope_theta", keywords.pop(key, theta))
    standardise(config)


def _flat(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Give all layers the same parameters, from keys and types with the class's own names."""
    parameters = _given(config, keywords)
    theta = keywords.pop(facts["theta"], facts.get("base", config.read("default_theta")))
    parameters.setdefault("rope_theta", theta)
    if "partial" in facts:
        key, default, is_kept = facts["partial"]
        part = keywords.get(key, default) if is_kept else keywords.pop(key, default)
        parameters.setdefault(PARTIAL, part)
    early = facts.get("early", {})
    kind = parameters.get("rope_type", parameters.get("type"))
    if kind in list(early):
        parameters["rope_type"] = early[kind]
    standardise(config)
    for old, new in facts.get("rename", {}).items():
        if config.read("rope_parameters").get("rope_type") == old:
            config.read("rope_parameters")["rope_type"] = new


def _quotient(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Compute the rotated part of a head as the quotient of two other keys."""
    width, divisor = facts["partial"]
    width = keywords.get(width, config.get(width))
    if width is not None:
        keywords.setdefault(PARTIAL, width / config.read(divisor))
    _usual(config, keywords, facts)


def _usual(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Read `rope_scaling`, `rope_theta` and `partial_rotary_factor`, like the base class."""
    parameters = _given(config, keywords)
    theta = keywords.pop("rope_theta", config.get("rope_theta", config.read("default_theta")))
    part = keywords.pop(PARTIAL, config.get(PARTIAL))
    for one in by_kind(config, parameters):
        one.setdefault("rope_theta", theta)
        if part is not None:
            one.setdefault(PARTIAL, part)
    if part is not None:
        ignored = config.read("ignore_keys_at_rope_validation") or ()
        config.set("ignore_keys_at_rope_validation", set(ignored) | {PARTIAL})
    standardise(config)
    if "moved" in facts and config.read("rope_parameters"):
        _rename_sections(config.read("rope_parameters"), facts)


def _of_each_type(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Give each type of layer its own parameters: theta, and the rotated part of a head."""
    theta, parameters = keywords.pop("rope_theta", None), _given(config, {})
    for kind in sorted(set(config.read("layer_types"))):
        own = parameters.setdefault(kind, {})
        own.setdefault("rope_type", "default")
        own.setdefault(
            "rope_theta", config.read("default_theta").get(kind) if theta is None else theta
        )
        own.setdefault(PARTIAL, config.read(facts["part"]).get(kind))
    standardise(config)


def _of_first_layers(config: Config, keywords: dict[str, Any], facts: Parameters) -> None:
    """Do the same as the base class for each type of layer, with the widths of its first layer.

    The rotated part of a head is the quotient of two widths.
    """
    types = config.read("layer_types")
    thetas = dict.fromkeys(types, keywords.get("rope_theta", config.read("default_theta")))
    config.budget.spend_steps(len(thetas) * len(types))
    other, key, theta = facts["theta"]
    theta = keywords.pop(key, theta)
    if other in thetas:
        thetas[other] = theta
    if config.read("rope_parameters") is None:
        usual = {
            kind: {"rope_type": "default", "rope_theta": theta} for kind, theta in thetas.items()
        }
        config.set("rope_parameters", keywords.pop("rope_scaling", None) or usual)
    if not kinds_of(config, config.read("rope_parameters")):
        config.set(
            "rope_parameters", {kind: dict(config.read("rope_parameters")) for kind in thetas}
        )
    _usual(config, keywords, facts)
    layers = {int(at): own for at, own in (keywords.get("per_layer_config") or {}).items()}
    for kind in thetas:
        own = layers.get(types.index(kind), {})
        width, whole = (own.get(key, config.read(key)) for key in facts["partial"])
        config.read("rope_parameters")[kind][PARTIAL] = width / whole


def _given(config: Config, keywords: dict[str, Any]) -> Any:
    older = keywords.pop("rope_scaling", None)
    config.set("rope_parameters", older or config.read("rope_parameters"))
    if config.read("rope_parameters") is None:
        config.set("rope_parameters", {})
    return config.read("rope_parameters")


def _rename_sections(parameters: Parameters, facts: Parameters) -> None:
    """Give a list its new name, and a type the base class's name."""
    old, new = facts["moved"]
    sections = parameters.pop(old, None)
    if sections is not None:
        if parameters.get(new) is None:
            parameters[new] = sections
        elif list(map(float, sections)) != list(map(float, parameters[new])):
            raise RefusedError(f"`{old}` and `{new}` differ")
    kind = parameters.get("rope_type", parameters.get("type", "default"))
    kind = facts["last"].get(kind, kind) if isinstance(kind, str) else kind
    parameters["rope_type"] = kind
    if "type" in parameters:
        parameters["type"] = kind


CONVERSIONS: Final = {
    "": _usual,
    "none": _keep,
    "drop": _drop,
    "tidy": _tidy,
    "kinds": _by_layer_kind,
    "flat": _flat,
    "before": _quotient,
    "each": _of_each_type,
    "first": _of_first_layers,
}
"""How classes read older keys, by the word in the facts."""


def standardise(config: Config) -> None:
    """Add the type, theta and the training length to parameters."""
    theta = config.get("rope_theta")
    part = config.get(PARTIAL)
    parameters = config.get("rope_parameters") or {}
    if not parameters and not theta:
        return
    kinds = kinds_of(config, parameters)
    for one in [parameters[key] for key in kinds] if kinds else [parameters]:
        if one is None:
            continue
        one.setdefault("rope_type", one.get("type", "default"))
        one.setdefault("rope_theta", theta)
        if part is not None:
            one.setdefault(PARTIAL, part)
        if one["rope_type"] == "default":
            one["rope_type"] = config.read("default_rope_type")
        if one["rope_type"] in LENGTHENED:
            if not kinds and config.has(ORIGINAL_LENGTH):
                config.read("rope_parameters")[ORIGINAL_LENGTH] = config.read(ORIGINAL_LENGTH)
            else:
                one.setdefault(ORIGINAL_LENGTH, config.read("max_position_embeddings"))
    config.set("rope_parameters", parameters)


def check(config: Config, parameters: list[Parameters], width: object = None) -> None:
    """Check rotary positions like transformers 5.

    Raises:
        RefusedError: if keys are missing, or a head has no two halves to rotate.
    """
    size: Any = width
    for one in parameters:
        kind: Any = one.get("rope_type", one.get("type", "default"))
        one["rope_type"] = kind
        needed = ROPE.get(kind if isinstance(kind, str) else str(kind))
        if needed is not None:
            ignored = config.read("ignore_keys_at_rope_validation")
            _need(kind, needed, one, () if ignored is None else ignored)
            _compute(config, kind, one)
        part = one.get(PARTIAL, 1.0)
        if size is not None and size > 4 and size % 2 and int(size * part) == size:
            raise RefusedError("`head_dim` is odd")


def check_4(config: Config, ignored: list[str]) -> None:
    """Check rotary positions like `rope_config_validation` of 4.57.

    Raises:
        RefusedError: if keys are missing.
    """
    parameters = config.get("rope_scaling")
    if parameters is None:
        return
    kind = parameters.get("rope_type", parameters.get("type", "default"))
    if kind in ROPE and kind not in ("axial", "proportional"):
        optional = {"rope_theta"} if kind == "llama3" else {"rope_theta", ORIGINAL_LENGTH}
        needed = tuple(name for name in ROPE[kind] if name not in optional)
        _need(kind, needed, parameters, ignored)
        _compute(config, kind, parameters)


def _need(
    kind: Any, needed: tuple[str, ...], parameters: Parameters, ignored: Iterable[str]
) -> None:
    if not (set(parameters) - set(ignored) - {"type"}).issuperset(("rope_type", *needed)):
        raise RefusedError(f"rotary positions of type `{kind}` need {', '.join(needed)}")


def _compute(config: Config, kind: str, parameters: Parameters) -> None:
    """Compute what the library only computes for a warning, since it fails for some values."""
    is_older = config.library.is_older
    if kind == "yarn":
        _ = (parameters.get("beta_fast") or 32) < (parameters.get("beta_slow") or 1)
        if not is_older or parameters.get(ORIGINAL_LENGTH) is not None:
            _ = config.read("max_position_embeddings") / parameters[ORIGINAL_LENGTH]
    elif kind == "longrope":
        width = config.get(
            "head_dim", config.read("hidden_size") // config.read("num_attention_heads")
        )
        part = config.get(PARTIAL, 1.0) if is_older else parameters.get(PARTIAL, 1.0)
        int(width * part)
        _ = len(parameters["short_factor"]), len(parameters["long_factor"])
    elif kind == "llama3":
        _ = parameters["high_freq_factor"] <= parameters["low_freq_factor"]
        _ = parameters[ORIGINAL_LENGTH] >= config.read("max_position_embeddings")
