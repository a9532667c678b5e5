"""Contexts for building a model without allocating or initialising its weights."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.base.class_builder import CannotBuildError

if TYPE_CHECKING:
    from torch import nn

MAX_MODULES: Final = 300_000
"""The maximum size of a tree. Kimi-K2 in transformers 4, with a module per expert, has 118,000."""


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Raise if a constructor registers more than `MAX_MODULES` modules."""
    from torch.nn.modules.module import register_module_module_registration_hook

    count = 0

    def hook(*_: object) -> None:
        nonlocal count
        count += 1
        if count > MAX_MODULES:
            raise CannotBuildError(f"it has more than {MAX_MODULES} modules")

    handle = register_module_module_registration_hook(hook)
    try:
        yield
    finally:
        handle.remove()


@contextlib.contextmanager
def parameters_on_meta() -> Iterator[None]:
    """Move each parameter to the meta device as soon as it is registered."""
    from torch import nn

    register = nn.Module.register_parameter

    def on_meta(self: nn.Module, name: str, param: nn.Parameter | None) -> None:
        register(self, name, param)
        if param is not None and param.numel() > 1:
            self._parameters[name] = nn.Parameter(param.to("meta"), requires_grad=False)

    try:
        setattr(nn.Module, "register_parameter", on_meta)  # noqa: B010  # no type for a patch
        yield
    finally:
        setattr(nn.Module, "register_parameter", register)  # noqa: B010


def no_initialisation() -> contextlib.AbstractContextManager[None]:
    """Return the context in which models do not initialise their weights."""
    import transformers.modeling_utils

    try:
        home = importlib.import_module("transformers.initialization")
    except ImportError:  # transformers 4
        home = transformers.modeling_utils
    context: contextlib.AbstractContextManager[None] = vars(home)["no_init_weights"]()
    return context
