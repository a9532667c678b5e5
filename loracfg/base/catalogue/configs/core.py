"""The base class of config objects of all releases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from loracfg.base.catalogue.configs.backbones import Backbone
from loracfg.base.catalogue.configs.class_facts import Facts
from loracfg.base.catalogue.configs.config_values import label_names
from loracfg.base.catalogue.configs.generation import check as check_generation
from loracfg.base.catalogue.configs.protocol import ABSENT, UNWRITTEN
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

C = TypeVar("C", bound="Core")

OURS: Final = frozenset(
    ("_facts", "_budget", "frequencies", "check_generation", "own_keys", "to_dict_of_base")
)
"""Attributes of our configs that the library's do not have."""
NOT_SET: Final = OURS | {"attribute_map"}
"""Attributes that a config may not set: ours, and the library's map of other names."""
RENAMED_COUNTS: Final = {"_layers": "num_hidden_layers", "_attention_heads": "num_attention_heads"}


class Core:
    """A config object, the base of the classes of each release."""

    __slots__ = ("__dict__", "__weakref__", "_budget")

    _budget: Budget
    _facts: ClassVar[Facts]

    model_type: Any = ""
    base_config_key: Any = ""
    id2label: Any
    label2id: Any
    dtype: Any
    _output_attentions: Any
    _attn_implementation: Any

    def __setattr__(self, name: str, value: Any) -> None:
        check = self._facts.checks.get(name)
        if check is not None:
            fitting = check.fitting
            if fitting is not None and type(value) not in fitting:
                check(value)
        elif name in NOT_SET or name.startswith("__"):
            raise DeclinedError(f"the config sets `{name}`")
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name in ABSENT:
            raise DeclinedError(f"the value of `{name}` in a config is unknown")
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __copy__(self) -> Core:
        made: Core = object.__new__(type(self))
        object.__setattr__(made, "_budget", self._budget)
        vars(made).update(vars(self))
        return made

    name_or_path = property(
        lambda self: vars(self).get("_name_or_path"),
        lambda self, name: setattr(self, "_name_or_path", str(name)),
    )

    @property
    def sub_configs(self) -> dict[str, type[object] | None]:
        """The class of each part by key; None if any type is allowed."""
        parts, library = self._facts.parts, self._facts.library
        return {key: library.config_class(one[0]) if one[0] else None for key, one in parts.items()}

    @property
    def num_labels(self) -> object:
        """The number of labels."""
        return None if self.id2label is None else len(self.id2label)

    @num_labels.setter
    def num_labels(self, count: object) -> None:
        if self.id2label is None or self.num_labels != count:
            self.id2label, self.label2id = label_names(count, self._budget)

    @property
    def output_attentions(self) -> object:
        """Whether models return attentions, which only one kernel supports."""
        return self._output_attentions

    @output_attentions.setter
    def output_attentions(self, value: object) -> None:
        if value:
            if self._attn_implementation is None:
                self._attn_implementation = "eager"
            if self._attn_implementation != "eager":
                raise RefusedError("`output_attentions` needs `attn_implementation` `eager`")
        self._output_attentions = value

    def check_generation(self) -> None:
        """Check the settings for generation, like a new model that generates."""
        check_generation(vars(self), is_4=not self._facts.library.source.base_fields)

    def to_dict(self) -> dict[str, object]:
        """Return the attributes as a dict, as the library writes files.

        Raises:
            DeclinedError: if the class does this in its own way, or layers differ.
        """
        if self._facts.writes_dicts:
            raise DeclinedError(f"`{type(self).__name__}` as a dict")
        return self.to_dict_of_base()

    def to_dict_of_base(self) -> dict[str, object]:
        """Return the attributes like the base's method, which a class may override.

        Raises:
            DeclinedError: if layers differ.
        """
        if "_heterogeneity_spec" in vars(self):
            raise DeclinedError(f"`{type(self).__name__}` as a dict")
        self._budget.spend_items(len(vars(self)))
        has_lists = not self._facts.library.is_older
        made = {name: _plain_copy(value, has_lists) for name, value in vars(self).items()}
        made |= {"model_type": type(self).model_type, "transformers_version": None}
        made.pop("kwargs", None)
        _drop_unwritten(made)
        if isinstance(self, Backbone):
            made["out_features"] = made.pop("_out_features", None)
            made["out_indices"] = made.pop("_out_indices", None)
        return made

    def get_text_config(self, decoder: object = None, encoder: object = None) -> object:
        """Return the part that describes the text model, or the config itself.

        Raises:
            RefusedError: if several parts are for text.
        """
        own = self._facts.programs.get("text")
        if own is not None:
            return own.result(self)
        is_either = decoder == encoder
        names = ("text_encoder",) if is_either or not decoder else ()
        if is_either or decoder:
            names = (*names, "decoder", "generator", "text_config")
        found = [name for name in names if getattr(self, name, None) is not None]
        if len(found) > 1:
            raise RefusedError(f"`{found[0]}` and `{found[1]}` are both for text")
        if found:
            return getattr(self, found[0])
        if is_either or not self.is_encoder_decoder:
            return self
        return _half(self, "decoder" if decoder else "encoder")


def _plain_copy(value: Any, has_lists: bool) -> Any:
    if isinstance(value, Core):
        inner = value.to_dict()
        del inner["transformers_version"]
        return inner
    if isinstance(value, tuple) and has_lists:
        return [_plain_copy(one, has_lists) for one in value]
    return copy.deepcopy(value)


def _drop_unwritten(values: dict[str, Any]) -> None:
    """Drop what the library does not write, also from inner dicts."""
    for key in UNWRITTEN:
        values.pop(key, None)
    if "_output_attentions" in values:
        values["output_attentions"] = values.pop("_output_attentions")
    for value in values.values():
        if isinstance(value, dict):
            _drop_unwritten(value)


def _half(config: Core, prefix: str) -> Core:
    """Return a copy in which the keys with a prefix lose it."""
    config._budget.spend_items(len(vars(config)))
    made = copy.copy(config)
    for key in [one for one in vars(made) if one.startswith(prefix)]:
        rest = key.removeprefix(prefix)
        name = RENAMED_COUNTS.get(rest, rest[1:])
        value = getattr(made, key)
        vars(made).pop(key)
        setattr(made, config._facts.names.get(name, name), value)
    return made


def kernels(name: str) -> property:
    """Return a property that sets the kernels of a config and its parts, all or each by key."""
    inner, outer = f"_{name}_implementation_internal", f"_{name}_implementation"

    def read(config: Core) -> Any:
        return getattr(config, inner)

    def write(config: Core, value: Any) -> None:
        own = value.get("", getattr(config, inner, None)) if isinstance(value, dict) else value
        setattr(config, inner, own)
        for key in config._facts.parts:
            part = getattr(config, key, None)
            if part is not None:
                of_part = getattr(part, outer, None)
                setattr(part, outer, value.get(key, of_part) if isinstance(value, dict) else value)

    return property(read, write)


def run_around(
    name: str,
    config: C,
    given: dict[str, object],
    base: Callable[[C, dict[str, object]], None],
) -> None:
    """Run the base's constructor, and before and after it what the class adds."""
    program = config._facts.programs.get(name)
    if program is None:
        base(config, dict(given))
        return
    data = program.data
    for method in data.get("first", ()):
        getattr(config, method)()
    before = config.__copy__()
    run = program.run(config, given)
    run.require("checks")
    keywords = run.passed_on()
    run.assign("pre")
    run.assign_inside("nested0")
    for method in data.get("then", ()):
        getattr(config, method)()
    base(config, keywords)
    run = program.run(config, given, before)
    run.require("checks2")
    run.assign_inside("nested")
    run.assign("post")
