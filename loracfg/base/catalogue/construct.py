"""Making a model of the catalogue for a `config.json`: constructors on stand-ins for torch."""

from __future__ import annotations

import copy
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.builder import CannotBuildError
from loracfg.base.catalogue.index import DIFFUSERS, load, package_of, read_index
from loracfg.base.catalogue.stand_ins import memory
from loracfg.base.catalogue.stand_ins.turns import allow_turns
from loracfg.base.catalogue.stand_ins.unknown import UndeterminedError
from loracfg.base.catalogue.ties import tie, tied_modules
from loracfg.base.catalogue.tree import Walk
from loracfg.base.cleaning import cleaned

_OF_DIFFUSERS: Final = package_of(DIFFUSERS)
_LOCK: Final = threading.Lock()  # the memory of constructors is one for the process


def architecture(package: str, config: dict[str, Any], class_name: str) -> Architecture:
    """Return the module tree of a class of a layout.

    Raises:
        CannotBuildError: if the constructor refuses the config, or asks for what is not known.
    """
    with _LOCK, _without_collection():
        memory.forget()
        allow_turns()
        try:
            make = _architecture_of_diffusers if package == _OF_DIFFUSERS else _architecture
            return make(package, config, class_name)
        except UndeterminedError as error:
            raise CannotBuildError(
                f"the catalogue does not know `{class_name}`: {error}"
            ) from error
        except Exception as error:  # constructors raise what they like
            if isinstance(error, ImportError) and str(error.name).startswith("loracfg"):
                raise  # the catalogue itself is at fault
            why = _said(error)
            message = f"the constructor of `{class_name}` does not take this config{why}"
            raise CannotBuildError(message) from error
        finally:
            memory.forget()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let nobody look for cycles meanwhile: a large model takes twice as long with it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _architecture_of_diffusers(
    package: str, config: dict[str, Any], class_name: str
) -> Architecture:
    model = load(package, class_name).from_config(copy.deepcopy(config))
    walk = Walk()
    walk.visit(model, "")
    vocab_size = getattr(model.config, "vocab_size", None)
    return Architecture(
        source="catalogue",
        model_type=None,
        class_name=type(model).__name__,
        modules=walk.modules,
        aliases=dict(walk.aliases),
        input_embeddings=None,
        output_embeddings=None,
        tied=(),
        tie_word_embeddings=False,
        vocab_size=vocab_size if isinstance(vocab_size, int) else None,
        is_transformers=False,
    )


def _said(error: Exception) -> str:
    line = (str(error).strip().splitlines() or [""])[0][:200]
    kind = type(error).__name__
    return f": {line}" if line and kind != "KeyError" else f" ({kind}{f' {line}' if line else ''})"


def _architecture(package: str, config: dict[str, Any], class_name: str) -> Architecture:
    settings = settings_of(package, config, class_name)
    if hasattr(settings, "use_pretrained_backbone"):
        settings.use_pretrained_backbone = False  # would fetch weights
    model = load(package, class_name)._from_config(settings, attn_implementation="eager")
    tie(model)
    inputs, outputs = (_given(model, f"get_{of}_embeddings") for of in ("input", "output"))
    tied = tied_modules(model)
    walk = Walk()
    walk.visit(model, "")
    own = model.config
    vocab_size = getattr(own, "vocab_size", None)
    return Architecture(
        source="catalogue",
        model_type=getattr(own, "model_type", None),
        class_name=class_name,
        modules=walk.modules,
        aliases=dict(walk.aliases),
        input_embeddings=walk.names.get(id(inputs)),
        output_embeddings=walk.names.get(id(outputs)),
        tied=tied,
        tie_word_embeddings=bool(vars(own).get("tie_word_embeddings")),
        vocab_size=vocab_size if isinstance(vocab_size, int) else None,
    )


def _given(model: Any, getter: str) -> Any:
    try:
        return getattr(model, getter)()
    except Exception:  # models without embeddings raise what they like
        return None


def settings_of(package: str, config: dict[str, Any], class_name: str) -> Any:
    """Return the config object for a class: the config's own, a part of it, or the class's."""
    index = read_index(package)
    wanted = load(package, index.takes[class_name])
    values = cleaned(config)
    model_type = values.get("model_type")
    if isinstance(model_type, str) and model_type in index.configs:
        settings = _made(load(package, index.configs[model_type]), values)
        parts = [getattr(settings, name, None) for name in getattr(settings, "sub_configs", ())]
        for candidate in (settings, *parts):
            if isinstance(candidate, wanted):
                return candidate
    values.pop("model_type", None)  # another type's class takes the values it knows
    return _made(wanted, values)


def _made(config_class: Any, values: dict[str, Any]) -> Any:
    if not hasattr(config_class, "__validators__"):
        _check_defaults(config_class)
    return config_class(**values)


@cache
def _check_defaults(config_class: Any) -> None:
    """Refuse a config class of transformers 4 that has no default config.

    `from_dict` writes what differs from it into the log (4.57, `to_diff_dict`).
    """
    if not getattr(config_class, "has_no_defaults_at_init", False):
        config_class()
