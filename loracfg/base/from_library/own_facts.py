"""Facts of the architecture that a repository brings code for, without torch.

Its constructors are followed, as those of an installed transformers are. Its modules are imported
for that, in a process of its own: the user has to trust them.
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
    """Return the facts of the architecture of a config as the text of a file.

    Args:
        config: the value of `config.json`, which names code in its `auto_map`.
        folder: where that code is.

    Raises:
        CannotBuildError: if the code cannot be followed.
    """
    model_type, named = config.get("model_type"), auto_map(config)
    if from_library.installed() is None:
        raise CannotBuildError("`transformers` is not installed", _INSTALL)
    if not isinstance(model_type, str) or not named:
        raise CannotBuildError("the config names no code in `auto_map`, or has no `model_type`")
    refuse_huge(config)
    repository = json.dumps([str(folder.absolute()), model_type, named])
    parts = [name for name, _ in lookup.candidates(config) if name != model_type]
    data, why = from_library.derive("--repository", repository, "--", *dict.fromkeys(parts))
    if data is None:
        raise CannotBuildError(f"the code of `{model_type}` cannot be followed: {_brief(why)}")
    return data.decode()


def build(text: str, config: Mapping[str, object], class_name: str | None = None) -> Architecture:
    """Return the module tree that derived facts have for a config.

    Args:
        text: the facts.
        config: the value of `config.json`.
        class_name: the class; by default the one that the config names.

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
    """Return where the classes of config and models are, by auto class."""
    found = config.get("auto_map")
    pairs = found.items() if isinstance(found, dict) else ()
    return {
        key: value
        for key, value in pairs
        if isinstance(value, str) and (key == "AutoConfig" or key.startswith("AutoModel"))
    }


def _brief(why: str) -> str:
    """Return what a process says of an error, without how it comes to it."""
    text = _HOW.sub("", why)
    return text if len(text) <= 200 else f"{text[:197]}..."
