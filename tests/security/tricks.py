"""Facts that try to leave the world of their values: to run a command, or to change loracfg.

Each is a whole facts file. `command` is a shell command; none of the files may run it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

CONFIG: Final[dict[str, Any]] = {"model_type": "novel", "depth": 2, "architectures": ["NovelModel"]}
ADAPTER: Final[dict[str, Any]] = {
    "peft_type": "LORA",
    "r": 4,
    "lora_alpha": 8,
    "target_modules": ["up"],
    "base_model_name_or_path": "./base",
}

HEAD: Final = """\
facts 1: "transformers 5.23.0"
  fields
    architectures (any) = None
    dtype (any) = None
    id2label (any) = None
    problem_type (any) = None
    is_encoder_decoder (any) = False

type "novel": NovelConfig
  models = ["NovelModel"]

config NovelConfig(PreTrainedConfig)
  constant model_type = "novel"
"""
FIELDS: Final = """\
  fields
    width (int) = 8
    depth (int) = 2
"""
MODEL: Final = """
model NovelModel
  layers[i < depth]: NovelLayer
    up: Linear(4 * width, width), bias
"""

BUILTINS: Final = 'config.__class__.__setattr__.__globals__["__builtins__"]'
IMPORT: Final = f'{BUILTINS}["__import__"]'
EXEC: Final = f'{BUILTINS}["exec"]'


def facts(*computed: str, members: str = "", fields: str = FIELDS, model: str = MODEL) -> str:
    """Return a facts file that computes these for its model."""
    lines = "".join(f"  compute {text}\n" for text in computed)
    needs = f"\nrequirements NovelModel\n{lines}" if lines else ""
    return f"{HEAD}{fields}{members}\n{model}{needs}"


def _calling(function: str, **arguments: str) -> str:
    """Return a call of a function, which a copy of the config has instead of its method."""
    named = "".join(f", {name} = {value}" for name, value in arguments.items())
    return f"text_config(changed(config, get_text_config = {function}){named})"


def _system(root: str = IMPORT) -> str:
    return f"{_calling(root, name=_text('os'))}.system"


def _text(value: str) -> str:
    return json.dumps(value)


def _code(command: str) -> str:
    """Return Python that runs the command, as a text of facts."""
    return _text(f"import os\nos.system({command!r})")


def _reached_by(start: str) -> Callable[[str], str]:
    """Return a program that gets at Python's own names from a function."""
    root = f'{start}.__globals__["__builtins__"]["__import__"]'
    return lambda command: facts(_calling(_system(root), command=_text(command)))


def _member(members: str, *computed: str) -> Callable[[str], str]:
    """Return a program whose config class has members; `@SYSTEM`, `@EXEC`, ... are filled in."""

    def program(command: str) -> str:
        return facts(*(fill(text, command) for text in computed), members=fill(members, command))

    return program


def _computing(*texts: str) -> Callable[[str], str]:
    return _member("", *texts)


def fill(text: str, command: str) -> str:
    """Return a text of facts with Python's functions and the command in it."""
    partial = f"get(changed(config, get = {_calling(IMPORT, name=_text('functools'))}.partial), "
    return (
        text.replace("@LISTED", _calling("config.__class__.__mro__[-1].__subclasses__"))
        .replace("@RUN", f"{partial}{_system()}, {_text(command)})")
        .replace("@EXECUTE", f"{partial}{EXEC}, {_code(command)})")
        .replace("@SYSTEM", _system())
        .replace("@EXEC", EXEC)
        .replace("@BUILTINS", BUILTINS)
        .replace("@COMMAND", _text(command))
        .replace("@CODE", _code(command))
    )


RUN: Final[dict[str, Callable[[str], str]]] = {
    "keyword call of a method that a copy replaces": _computing(
        _calling("@SYSTEM", command="@COMMAND")
    ),
    "globals of a method": _reached_by("config.get_text_config"),
    "globals of a method by getattr with a computed name": _reached_by(
        'getattr(config, concat("to_", "dict"))'
    ),
    "globals of the facts of a class": _reached_by("config._facts.__class__.__init__"),
    "globals of the library": _reached_by("config._facts.library.make"),
    "globals of the budget": _reached_by("config._budget.spend_steps"),
    "globals of a property": _reached_by("config.__class__.num_labels.fget"),
    "globals of configs of layers": _reached_by("config.per_layer_config.__getitem__"),
    "globals of a class from its bases": _reached_by("config.__class__.__mro__[1].__setattr__"),
    "globals of a class that Python lists": _computing(
        _calling(
            _calling(
                "[@LISTED[i] if has(@LISTED[i].__init__.__globals__) for i < len(@LISTED)][0]"
                '.__init__.__globals__["__builtins__"]["__import__"]',
                name='"os"',
            )
            + ".system",
            command="@COMMAND",
        )
    ),
    "exec by `get`": _computing("get(changed(config, get = @EXEC), @CODE)"),
    "exec by `get` of a name in quotes": _computing('get(changed(config, "get" = @EXEC), @CODE)'),
    "`items`": _computing("items(changed(config, items = @RUN))"),
    "`values`": _computing("values(changed(config, values = @RUN))"),
    "`dict` of what has keys": _computing("dict(changed(config, keys = @RUN))"),
    "method `to_dict`": _computing('method(changed(config, to_dict = @RUN), "to_dict")'),
    "method of backbones": _computing(
        "method(changed(config, verify_out_features_out_indices = @RUN), "
        '"verify_out_features_out_indices")'
    ),
    "`rope` by an alias without a check": _member(
        "  names\n    other is frequencies\n", "rope(changed(config, other = @EXEC), @CODE, None)"
    ),
    "`generation_settings` by an alias": _member(
        "  names\n    other is check_generation\n",
        "generation_settings(changed(config, other = @RUN))",
    ),
    "deepcopy by an alias": _member(
        "  names\n    other is __deepcopy__\n"
        "  creation\n    width = len(str(copy([changed(config, other = @EXECUTE)])))\n"
    ),
    "a property for items": _member(
        "  property __getitem__\n    return @SYSTEM\n", "config[@COMMAND]"
    ),
    "a property for a sum": _member(
        "  property __add__\n    return @SYSTEM\n", "config + @COMMAND"
    ),
    "a property for `in`": _member(
        "  property __contains__\n    return @SYSTEM\n", "@COMMAND in config"
    ),
    "a property for the length": _member("  property __len__\n    return @RUN\n", "len(config)"),
    "a property for the truth": _member("  property __bool__\n    return @RUN\n", "not config"),
    "a property for loops": _member("  property __iter__\n    return @RUN\n", "list(config)"),
    "an alias for items": _member(
        "  names\n    __getitem__ is reach\n", "changed(config, reach = @SYSTEM)[@COMMAND]"
    ),
    "an alias with dots": _member(
        '  names\n    reach is "get_text_config.__globals__"\n',
        _calling(
            _calling('config.reach["__builtins__"]["__import__"]', name='"os"') + ".system",
            command="@COMMAND",
        ),
    ),
    "a method that is called last": _member(
        '  property reach\n    return @RUN\n  creation\n    calls_last: ["reach"]\n    width = 9\n'
    ),
    "a method that is called first": _member(
        '  property reach\n    return @RUN\n  creation\n    calls_first: ["reach"]\n    width = 9\n'
    ),
    "a method set in a setter": _member(
        '  setter reach\n    self."__dict__.get" = given.value\n',
        "get(changed(config, reach = @EXEC), @CODE)",
    ),
    "setting a class in `creation`": _member(
        "  creation\n    set config.__class__.__getitem__ = @SYSTEM\n", "config[@COMMAND]"
    ),
    "a class that is its own copy": _computing(
        "[changed(config.__class__, __getitem__ = @SYSTEM), config[@COMMAND]]"
    ),
}
"""Programs that run a command where rows reach Python's objects."""

HARM: Final[dict[str, Callable[[str], str]]] = {
    "code of a function of ours": _computing(
        "changed(config.get_text_config.__func__, __code__ = config.to_dict.__func__.__code__)"
    ),
    "a class of ours": _computing("changed(config.__class__.__mro__[2], get_text_config = None)"),
    "an alias for reading attributes": _member("  names\n    __getattribute__ is other\n"),
    "the budget": _member(
        "  creation\n    set config._budget.steps = 10 ** 30\n"
        "    set config._budget.items = 10 ** 30\n",
        "len([1 for i < 40000000])",
    ),
}
"""Programs that change loracfg itself where rows reach its objects."""
