"""Derives facts from the custom code of a model repository, without torch.

Its constructors are followed like those of an installed transformers. That imports its modules in a
separate process, so the user has to trust them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.base import facts_file
from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError, refuse_huge
from loracfg.base.from_library import followed as from_library

if TYPE_CHECKING:
    from collections.abc import Mapping


_INSTALL: Final = "install `loracfg[transformers]`"
_HOW: Final = re.compile(r"^(?:[\w.]+(?:Error|Exception): |transformers cannot be transcribed: )+")


def derive(config: Mapping[str, object], folder: Path) -> str:
    """Return the facts about the architecture of a config as the text of a facts file.

    Args:
        config: the value of `config.json`, with an `auto_map` that names code.
        folder: the folder with that code.

    Raises:
        CannotBuildError: if the code cannot be followed.
    """
    model_type, named = config.get("model_type"), auto_map(config)
    if from_library.installed() is None:
        raise CannotBuildError("`transformers` is not installed", _INSTALL)
    if not isinstance(model_type, str) or not named:
        raise CannotBuildError("the config has no `model_type`, or no code in `auto_map`")
    refuse_huge(config)
    repository = json.dumps([str(folder.absolute()), model_type, named])
    parts = [name for name, _ in lookup.candidates(config) if name != model_type]
    data, why = from_library.derive("--repository", repository, "--", *dict.fromkeys(parts))
    if data is None:
        raise CannotBuildError(f"the code of `{model_type}` cannot be followed: {_brief(why)}")
    return data.decode()


def build(text: str, config: Mapping[str, object], class_name: str | None = None) -> Architecture:
    """Return the module tree of a config according to derived facts.

    Args:
        text: the facts.
        config: the value of `config.json`.
        class_name: the class; by default the one in the config.

    Raises:
        CannotBuildError: if the facts do not cover it.
    """
    layout, faults = facts_file.read_facts(text.encode(), "")
    if layout is None:
        raise CannotBuildError(f"the facts cannot be read: {faults[0].message}")
    classes = layout.classes_of(str(config.get("model_type")))
    wanted = lookup.trusted_classes(config, None, class_name, layout=layout)
    name = next((one for one in wanted if one in classes), class_name or next(iter(classes), ""))
    return facts_file.build(layout, config, name)


def auto_map(config: Mapping[str, object]) -> dict[str, str]:
    """Return the entries of `auto_map` for the config class and model classes."""
    found = config.get("auto_map")
    pairs = found.items() if isinstance(found, dict) else ()
    return {
        key: value
        for key, value in pairs
        if isinstance(value, str) and (key == "AutoConfig" or key.startswith("AutoModel"))
    }


def _brief(why: str) -> str:
    """Return the error message of a process without the names of exceptions."""
    text = _HOW.sub("", why)
    return text if len(text) <= 200 else f"{text[:197]}..."
