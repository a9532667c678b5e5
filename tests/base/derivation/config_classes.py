"""Config classes with odd constructors, each with the values to create it with."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

HEAD: Final = """
import inspect

import torch
from huggingface_hub.dataclasses import strict
from transformers import CONFIG_MAPPING, LlamaConfig, PreTrainedConfig, PreTrainedModel
from transformers.backbone_utils import BackboneConfigMixin, consolidate_backbone_kwargs_to_config
from transformers.modeling_rope_utils import RopeParameters

"""
FIELD: Final = "a: int | None = 1"
ROPE: Final = "rope_parameters: RopeParameters | dict | None = None"
BACKBONE: Final = "backbone_config: dict | PreTrainedConfig | None = None"
CONSOLIDATED: Final = (
    "self.backbone_config, kwargs = consolidate_backbone_kwargs_to_config("
    "{}self.backbone_config, default_config_type='resnet', **kwargs)\n"
)
INIT: Final = "super().__init__(**kwargs)"
POST: Final = "super().__post_init__(**kwargs)"
KEYS: Final = "{{key: kwargs{} for key in {} if {}}}"
COMMON: Final[tuple[dict[str, Any], ...]] = ({}, {"a": 3}, {"a": None}, {"b": 4}, {"a": 0, "b": 0})
DICTS: Final[tuple[dict[str, Any], ...]] = ({}, {"a": {"x": 1}}, {"a": 3})


class Odd(NamedTuple):
    """A config class: its source, and values of its keys."""

    name: str
    source: str
    values: tuple[dict[str, Any], ...]


def _indented(text: str, depth: int) -> str:
    return "\n".join(f"{'    ' * depth}{line}" for line in text.splitlines())


def written(
    name: str,
    body: str,
    arguments: str = "a=1, **kwargs",
    base: str = "PreTrainedConfig",
    members: str = "",
    values: tuple[dict[str, Any], ...] = COMMON,
) -> Odd:
    """Return a class with a constructor, as in transformers 4."""
    head = f"class {name}({base}):\n    def __init__(self, {arguments}):\n"
    return Odd(name, head + _indented(body, 2) + "\n" + _indented(members, 1), values)


def fielded(
    name: str,
    body: str,
    fields: str = FIELD,
    arguments: str = "self, **kwargs",
    base: str = "PreTrainedConfig",
    members: str = "",
    values: tuple[dict[str, Any], ...] = COMMON,
) -> Odd:
    """Return a class with fields, as in transformers 5."""
    head = f"@strict\nclass {name}({base}):\n{_indented(fields, 1)}\n"
    head += f"    def __post_init__({arguments}):\n"
    return Odd(name, head + _indented(body, 2) + "\n" + _indented(members, 1), values)


FOLLOWED: Final = (
    # keys of a constructor
    written("Required", f"self.a = a\n{INIT}", "a, **kwargs"),
    written("Closed", "self.a = a\nsuper().__init__()", "a=1"),
    written("Only", "self.a = a\nsuper().__init__(b=2)"),
    written("Whole", f"self.all = kwargs\n{INIT}"),
    written("Added", "super().__init__(b=2, **kwargs)"),
    written(
        "Either",
        "if a:\n    kwargs['b'] = 5\nelse:\n    kwargs.pop('b', None)\n"
        f"self.c = kwargs.get('b', 7)\n{INIT}",
    ),
    written(
        "Neither",
        "if a:\n    kwargs.pop('b', None)\nelse:\n    kwargs['b'] = 5\n"
        f"self.c = kwargs.get('b', 7)\n{INIT}",
    ),
    written("Picked", f"self.c = {KEYS.format('[key]', ('b', 'd'), 'key in kwargs')}\n{INIT}"),
    written("Taken", f"self.c = {KEYS.format('.pop(key)', ('b', 'd'), 'key in kwargs')}\n{INIT}"),
    written("Deleted", f"if 'b' in kwargs:\n    del kwargs['b']\n{INIT}"),
    written("OfBase", "super().__init__(a=a, **kwargs)\nself.d = self.a", base="Required"),
    written("OfBaseTwice", "super().__init__(a=a, b=5, **kwargs)", base="Required"),
    # dicts and lists that it changes
    written("Grid", f"self.grid = {{(i, j): a for i in range(2) for j in range(2)}}\n{INIT}"),
    written("DeletedItem", f"made = {{'a': a, 'b': 2}}\ndel made['b']\nself.made = made\n{INIT}"),
    written("DeletedName", f"made = {{'a': a}}\nself.made = made\ndel made\n{INIT}"),
    written("OwnDict", f"self.__dict__['b'] = a\n{INIT}"),
    written(
        "Items",
        "self.d = {'x': 1}\nself.d.update({'y': a})\nself.d.pop('x', None)\n"
        f"self.e = {{'k': {{}}}}\nself.e['k'].update({{'z': a}})\n{INIT}",
        values=DICTS,
    ),
    written(
        "ItemsOfKey",
        f"self.d = a\nself.d.update({{'y': 3}})\nself.d.pop('x', None)\n{INIT}",
        "a=None, **kwargs",
        values=DICTS,
    ),
    written("SomeItems", f"if a == 1:\n    self.d = {{'x': 1}}\nself.d['y'] = 2\n{INIT}"),
    written("InList", f"made = [{{'x': 1}}]\nmade[0].update({{'y': a}})\nself.made = made\n{INIT}"),
    written(
        "Merged",
        f"self.d = {{**{{'x': 0}}, 'b': 2}}\nself.e = {{**a, 'c': 3}}\n{INIT}",
        "a={}, **kwargs",
        values=DICTS,
    ),
    # labels and parts
    written("Labels", f"{INIT}\nself.num_labels = 3\nself.c = self.id2label"),
    written(
        "Part",
        f"{INIT}\nself.t = LlamaConfig(**a)\nself.c = self.t.to_dict()['hidden_size']",
        "a={}, **kwargs",
        values=({}, {"a": {"vocab_size": 8}}, {"a": {"hidden_size": 3}}),
    ),
    written(
        "Signature",
        f"self.c = 'head_dim' in inspect.signature(LlamaConfig.__init__).parameters\n{INIT}",
    ),
    # constructors of classes with fields
    fielded("PostClosed", "self.b = 3\nsuper().__post_init__()", arguments="self"),
    fielded("PostArgument", "self.c = b\nsuper().__post_init__()", arguments="self, b=2"),
    fielded("PostDropping", "super().__post_init__(c=3)"),
    fielded("PostAdding", "super().__post_init__(b=3, **kwargs)"),
    fielded("PostOther", "super().__post_init__(**{'c': 3})"),
    fielded("PostDirect", "PreTrainedConfig.__post_init__(self, b=3, **kwargs)"),
    fielded("PostDirectDropping", "PreTrainedConfig.__post_init__(self, **{'c': 3})"),
    fielded("PostBase", f"self.b = self.a\n{POST}", members="def helper(self):\n    return self.a"),
    fielded(
        *("PostOfBase", "super().__post_init__(c=3, **kwargs)\nself.d = super().helper()"),
        *("e: int = 3", "self, **kwargs", "PostBase"),
        values=(*COMMON, {"c": 1}),
    ),
    fielded("Layers", f"self.validate_layer_type()\n{POST}"),
    fielded(
        *("Checked", POST),
        members="def validate_architecture(self):\n    super().validate_architecture()\n"
        "    if self.a == 3:\n        raise ValueError('three')",
    ),
    fielded(
        "Stages",
        "self.stage_names = ['x', 'y']\n"
        "self.set_output_features_output_indices(out_indices=kwargs.pop('out_indices', None), "
        "out_features=kwargs.pop('out_features', None))\n"
        f"self.c = self.out_features\n{POST}",
        base="BackboneConfigMixin, PreTrainedConfig",
        values=({}, {"out_features": ["x"]}, {"out_indices": [0]}, {"out_indices": [2]}),
    ),
)
"""Classes whose configs equal those of the library."""

RAISING: Final = (
    written("Twice", "kwargs['b'] = 1\nsuper().__init__(b=2, **kwargs)"),
    written("NoMethod", f"{INIT}\nsuper().no_such()"),
    written(
        *("NoSetter", f"self.ratio = 3\n{INIT}"),
        members="@property\ndef ratio(self):\n    return 3",
    ),
)
"""Classes that raise for all values."""

DECLINED: Final = (
    (written("Branch", f"if a:\n    {INIT}"), "the base is not called"),
    (written("Never", "self.a = a"), "the base is not called"),
    (written("Positional", "super().__init__(a, **kwargs)"), "called with other things"),
    (written("Direct", "PreTrainedConfig.__init__(self, **kwargs)"), "PreTrainedConfig.__init__"),
    (written("OddDefault", f"self.a = 3\n{INIT}", "a=len, **kwargs"), "a default that is no plain"),
    (
        written("Changed", f"kwargs['b'] = 1\nself.all = kwargs\n{INIT}"),
        "changed kwargs as a value",
    ),
    (written("ByValue", f"self.c = kwargs[a]\n{INIT}"), "kwargs by a symbol"),
    (written("SetByValue", f"kwargs[a] = 3\n{INIT}"), "kwargs by a symbol"),
    (written("InByValue", f"self.c = a in kwargs\n{INIT}"), "kwargs by a symbol"),
    *(
        (written(name, f"kwargs['b'] = 3\nself.c = {keys}\n{INIT}"), "keys of kwargs")
        for name, keys in (
            ("PickedLater", KEYS.format("[key]", ("b", "d"), "key in kwargs")),
            ("TakenLater", KEYS.format(".pop(key)", ("b", "d"), "key in kwargs")),
            ("TakenByNames", KEYS.format(".pop(key)", "a", "key in kwargs")),
            ("TakenAmong", KEYS.format(".pop(key)", "list(kwargs)", "key in a")),
        )
    ),
    (
        written(
            "TakenByStart",
            f"self.c = {KEYS.format('.pop(key)', 'list(kwargs)', 'key.startswith(a)')}\n{INIT}",
        ),
        "a loop over OpenKeywords",
    ),
    (written("DeletedAttribute", f"self.a = a\ndel self.a\n{INIT}"), "del of an attribute"),
    (written("Dropping", "super().__init__(a=a)", base="Required"), "a base without keywords"),
    (written("Attributes", f"self.__dict__.update(kwargs)\n{INIT}"), "__dict__"),
    (written("ToDict", f"{INIT}\nself.c = 3\nself.d = self.to_dict()"), "a changed config"),
    (
        written("Unnamed", f"{INIT}\nb = kwargs.get('b')\nif b is not None:\n    b.update({{}})"),
        "changed in place by another name",
    ),
    (written("ByKey", f"self.e = {{**a, b: 3}}\n{INIT}", "a={}, b='c', **kwargs"), "this and that"),
    (
        written("NoMethodOfPart", f"self.t = LlamaConfig(**a)\nself.t.no_such()\n{INIT}"),
        "of a part",
    ),
    (written("PartOfValue", f"self.t = LlamaConfig(3)\n{INIT}"), "a config of this and that"),
    (written("OfValue", f"cls = CONFIG_MAPPING[a]\nself.t = cls(3)\n{INIT}"), "this and that"),
    (written("TypeOf", f"self.t = CONFIG_MAPPING[a].model_type\n{INIT}"), "of a config class"),
    (written("SignatureOf", f"self.c = inspect.signature(len)\n{INIT}"), "a signature"),
    (written("Called", f"make = dict\nself.c = make(**a)\n{INIT}"), "** of a symbol"),
    (fielded("PostNever", "self.b = 3"), "the base is not called"),
    (
        fielded("OfOther", "Stages.__post_init__(self, **kwargs)"),
        "** of kwargs",
    ),
    (
        fielded("OfBaseDropping", "super().__post_init__()", "e: int = 3", base="PostBase"),
        "a base without keywords",
    ),
    (fielded("Super", f"self.b = super().get_text_config()\n{POST}"), "super().get_text_config"),
    (fielded("Late", f"{POST}\nself.standardize_rope_params()"), "standardize_rope_params"),
    (
        fielded("Set", f"self.rope_parameters = None\nself.validate_rope()\n{POST}", ROPE),
        "validate_rope",
    ),
    (
        fielded(
            "Read",
            "if self.rope_parameters['x'] > 3:\n    raise ValueError('x')\n"
            f"self.validate_rope()\n{POST}",
            ROPE,
        ),
        "validate_rope",
    ),
    (
        fielded(
            *("Checking", POST),
            members="def validate_own(self):\n    super().standardize_rope_params()",
        ),
        "super().standardize_rope_params",
    ),
    (fielded("ByHand", f"{CONSOLIDATED.format('')}{POST}", BACKBONE), "made by hand"),
    (
        fielded(
            "AfterKeys",
            f"kwargs.pop('backbone', None)\n{CONSOLIDATED.format('backbone_config=')}{POST}",
            BACKBONE,
        ),
        "a backbone after its keywords",
    ),
)
"""Classes that are not followed, with the reason."""

PARTLY: Final = (
    written("SomeOwnDict", f"if a:\n    self.__dict__['b'] = a\n{INIT}"),
    fielded("SomeRope", f"if self.a:\n    self.standardize_rope_params()\n{POST}"),
    fielded(
        *("SomeChecks", POST),
        members="def validate_own(self):\n    if self.a:\n        super().validate_architecture()",
    ),
)
"""Classes of which only what happens without `a` is known."""

ALL: Final = (*FOLLOWED, *RAISING, *(one for one, _ in DECLINED), *PARTLY)


def module() -> str:
    """Return the source of a module with all of these classes, as parts of one."""
    names = "".join(f"        {one.name.lower()!r}: {one.name},\n" for one in ALL)
    own = (
        f"class AllConfig(PreTrainedConfig):\n    model_type = 'odd'\n"
        f"    sub_configs = {{\n{names}    }}\n"
    )
    model = (
        "class OddModel(PreTrainedModel):\n    config_class = AllConfig\n"
        "    def __init__(self, config):\n        super().__init__(config)\n"
        "        self.fc = torch.nn.Linear(2, 3)\n"
    )
    return "\n\n".join([HEAD, *(one.source for one in ALL), own, model])
