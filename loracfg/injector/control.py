"""Adapters in a model: which are active, and which are merged into its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import nn

from loracfg.errors import LoracfgError
from loracfg.injector.inject import InjectedModel, forget, injected, noted_active, wrappers
from loracfg.injector.invocations import stop_watching
from loracfg.injector.whole import TokenRows
from loracfg.injector.wrapped_layers import Wrapper


def noted(model: nn.Module, name: str) -> InjectedModel:
    """Return the state of a model that has an adapter.

    Raises:
        LoracfgError: if the model does not have it.
    """
    found = injected(model)
    if found is None or name not in found.plans:
        raise LoracfgError(f"the model has no adapter `{name}`", "inject or load it first")
    return found


def set_active(model: nn.Module, names: str | Sequence[str]) -> None:
    """Activate adapters, together if there are several, and train only them.

    Raises:
        LoracfgError: if the model does not have one of them.
    """
    active = [names] if isinstance(names, str) else list(names)
    for name in active:
        noted(model, name)
    for wrapper in wrappers(model):
        wrapper.active = active
        for name in wrapper.names:
            wrapper.set_trained(name, name in active)


@contextmanager
def disabled(model: nn.Module) -> Iterator[None]:
    """Disable the adapters of a model temporarily; trained biases stay."""
    found = wrappers(model)
    for wrapper in found:
        wrapper.enabled = False
    try:
        yield
    finally:
        for wrapper in found:
            wrapper.enabled = True


def merge(model: nn.Module, names: str | Sequence[str] | None = None) -> None:
    """Merge adapters into the base weights, by default the active ones.

    Raises:
        LoracfgError: if the model does not have one, or it cannot be merged.
    """
    given = [names] if isinstance(names, str) else names
    for name in noted_active(model) if given is None else given:
        noted(model, name)
        for wrapper in wrappers(model):
            wrapper.merge(name)


def unmerge(model: nn.Module) -> None:
    """Remove merged adapters from the base weights."""
    for wrapper in reversed(wrappers(model)):  # last in, first out; tied weights too
        wrapper.unmerge()


def remove(model: nn.Module, name: str | None = None) -> None:
    """Remove one adapter, or all; without adapters, a model has its original modules again.

    Merged updates stay merged. A module that was saved whole is replaced with the copy of the
    merged adapter.

    Raises:
        LoracfgError: if the model does not have the adapter.
    """
    found = injected(model)
    for one in list(found.plans if found else ()) if name is None else [name]:
        state = noted(model, one)
        modules = dict(model.named_modules())
        for path in reversed(modules):  # inner wrappers first
            _drop(modules, path, one)
        del state.plans[one]
        if not state.plans:
            stop_watching(model)
            forget(model)


def _drop(modules: dict[str, nn.Module], path: str, name: str) -> None:
    wrapper = modules[path]
    bare = wrapper.drop(name) if isinstance(wrapper, Wrapper) else None
    if bare is None:
        return
    if isinstance(wrapper, TokenRows):
        path = path.rpartition(".")[0]
    parent, _, last = path.rpartition(".")
    setattr(modules[parent], last, bare)
