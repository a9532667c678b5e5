"""What the libraries do with config objects of all releases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.base.catalogue.configs.backbones import BACKBONE
from loracfg.base.catalogue.configs.config_values import label_names
from loracfg.base.catalogue.configs.generation import check as check_settings
from loracfg.base.catalogue.configs.protocol import UNWRITTEN
from loracfg.base.catalogue.evaluation.config import Config, Member, as_config, copy_value
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

RENAMED_COUNTS: Final = {"_layers": "num_hidden_layers", "_attention_heads": "num_attention_heads"}


def _name_or_path(config: Config) -> object:
    return config.attributes.get("_name_or_path")


def _set_name_or_path(config: Config, name: object) -> None:
    config.set("_name_or_path", str(name))


def _number_of_labels(config: Config) -> object:
    names = config.read("id2label")
    return None if names is None else len(names)


def _set_number_of_labels(config: Config, count: object) -> None:
    if config.read("id2label") is None or config.read("num_labels") != count:
        names, numbers = label_names(count, config.budget)
        config.set("id2label", names)
        config.set("label2id", numbers)


def _set_output_attentions(config: Config, value: object) -> None:
    """Set whether models return attentions, which only one kernel supports."""
    if value:
        if config.read("_attn_implementation") is None:
            config.set("_attn_implementation", "eager")
        if config.read("_attn_implementation") != "eager":
            raise RefusedError("`output_attentions` needs `attn_implementation` `eager`")
    config.set("_output_attentions", value)


def kernels(name: str) -> Member:
    """Return a member that sets the kernels of a config and its parts, all or each by key."""
    inner, outer = f"_{name}_implementation_internal", f"_{name}_implementation"

    def write(config: Config, value: Any) -> None:
        own = value.get("", config.get(inner)) if isinstance(value, dict) else value
        config.set(inner, own)
        for key in config.config_class.parts:
            part = config.get(key)
            if part is not None:
                part = as_config(part)
                of_part = part.get(outer)
                part.set(outer, value.get(key, of_part) if isinstance(value, dict) else value)

    return Member(lambda config: config.read(inner), write)


MEMBERS: Final[dict[str, object]] = {
    "model_type": "",
    "base_config_key": "",
    "name_or_path": Member(_name_or_path, _set_name_or_path),
    "num_labels": Member(_number_of_labels, _set_number_of_labels),
    "output_attentions": Member(
        lambda config: config.read("_output_attentions"), _set_output_attentions
    ),
    "_attn_implementation": kernels("attn"),
}
"""What configs of all releases share, compute and set in their own way."""


def check_generation(config: Config) -> None:
    """Check the settings for generation, like a new model that generates."""
    check_settings(config.attributes, is_4=config.library.is_older)


def to_dict(config: Config) -> dict[str, object]:
    """Return the attributes as a dict, as the library writes files.

    Raises:
        DeclinedError: if the class does this in its own way, or layers differ.
    """
    if config.config_class.writes_dicts:
        raise DeclinedError(f"`{config.config_class.name}` as a dict")
    return to_dict_of_base(config)


def to_dict_of_base(config: Config) -> dict[str, object]:
    """Return the attributes like the base's method, which a class may override.

    Raises:
        DeclinedError: if layers differ.
    """
    config_class = config.config_class
    if config.layers is not None:
        raise DeclinedError(f"`{config_class.name}` as a dict")
    config.budget.spend_items(len(config.attributes))
    has_lists = not config.library.is_older
    made = {name: _plain_copy(value, has_lists) for name, value in config.attributes.items()}
    made |= {"model_type": config_class.constants["model_type"], "transformers_version": None}
    made.pop("kwargs", None)
    _drop_unwritten(made)
    if config_class.is_a(BACKBONE):
        made["out_features"] = made.pop("_out_features", None)
        made["out_indices"] = made.pop("_out_indices", None)
    return made


def _plain_copy(value: object, has_lists: bool) -> object:
    if type(value) is Config:
        inner = to_dict(value)
        del inner["transformers_version"]
        return inner
    if isinstance(value, tuple) and has_lists:
        return [_plain_copy(one, has_lists) for one in value]
    return copy_value(value)


def _drop_unwritten(values: dict[str, Any]) -> None:
    """Drop what the library does not write, also from inner dicts."""
    for key in UNWRITTEN:
        values.pop(key, None)
    if "_output_attentions" in values:
        values["output_attentions"] = values.pop("_output_attentions")
    for value in values.values():
        if isinstance(value, dict):
            _drop_unwritten(value)


def text_config(config: Config, decoder: object = None, encoder: object = None) -> object:
    """Return the part that describes the text model, or the config itself.

    Raises:
        RefusedError: if several parts are for text.
    """
    own = config.config_class.programs.get("text")
    if own is not None:
        return own.result(config)
    is_either = decoder == encoder
    names = ("text_encoder",) if is_either or not decoder else ()
    if is_either or decoder:
        names = (*names, "decoder", "generator", "text_config")
    parts = [name for name in names if config.get(name) is not None]
    if len(parts) > 1:
        raise RefusedError(f"`{parts[0]}` and `{parts[1]}` are both for text")
    if parts:
        return config.read(parts[0])
    if is_either or not config.read("is_encoder_decoder"):
        return config
    return _half(config, "decoder" if decoder else "encoder")


def _half(config: Config, prefix: str) -> Config:
    """Return a copy in which the keys with a prefix lose it."""
    config.budget.spend_items(len(config.attributes))
    made = config.copy()
    for key in [one for one in made.attributes if one.startswith(prefix)]:
        rest = key.removeprefix(prefix)
        name = RENAMED_COUNTS.get(rest, rest[1:])
        value = made.read(key)
        made.attributes.pop(key)
        made.set(config.config_class.names.get(name, name), value)
    return made


def run_around(
    name: str,
    config: Config,
    given: dict[str, object],
    base: Callable[[Config, dict[str, object]], None],
) -> None:
    """Run the base's constructor, and before and after it what the class adds."""
    program = config.config_class.programs.get(name)
    if program is None:
        base(config, dict(given))
        return
    data = program.data
    for method in data.get("first", ()):
        config.config_class.methods[method](config)
    before = config.copy()
    run = program.run(config, given)
    run.require("checks")
    keywords = run.passed_on()
    run.assign("pre")
    run.assign_inside("nested0")
    for method in data.get("then", ()):
        config.config_class.methods[method](config)
    base(config, keywords)
    run = program.run(config, given, before)
    run.require("checks2")
    run.assign_inside("nested")
    run.assign("post")
