"""Adds inner models, and parts of them, to trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Kind, Module
from loracfg.base.catalogue.evaluation.refusals import DeclinedError
from loracfg.base.catalogue.trees.family import InnerModelTrees
from loracfg.base.catalogue.trees.tree import Tree

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Node

_FROZEN_BUFFERS: Final = ("weight", "bias", "running_mean", "running_var")


def add_model(models: InnerModelTrees, node: Node, config: object, tree: Tree, path: str) -> None:
    """Add the model that a mapping selects for a config, or a part of it.

    Raises:
        RefusedError: if there is no such model.
        DeclinedError: if its modules are unknown.
    """
    start = len(tree.modules)
    own: dict[str, Any] = node
    if "part" in own:
        whole = Tree()
        models.add(own["model"], config, whole, "")
        tree.modules += _part(whole, own["part"], path)
    else:
        models.add(own["model"], config, tree, path)
    if "batch_norms" in own:
        _freeze_batch_norms(own["batch_norms"], tree.modules, start)
    if "identity" in node:
        _put_identity(f"{path}.{node['identity']}", tree, start)


def _part(tree: Tree, part: str, path: str) -> list[Module]:
    """Return the modules of a part of a tree, moved to a path."""
    inside = f"{part}."
    found = [one for one in tree.modules if f"{one.path}.".startswith(inside)]
    if not found or tree.aliases or tree.ties:
        raise DeclinedError(f"`{part}` of an inner model is unknown")
    return [one._replace(path=path + one.path[len(part) :]) for one in found]


def _freeze_batch_norms(class_name: str, modules: list[Module], start: int) -> None:
    """Replace the batch norms among the last modules with a class without parameters."""
    for at in range(start, len(modules)):
        one = modules[at]
        if one.class_name == "BatchNorm2d":
            buffers = dict.fromkeys(_FROZEN_BUFFERS, one.buffers["running_mean"])
            modules[at] = one._replace(class_name=class_name, parameters={}, buffers=buffers)


def _put_identity(path: str, tree: Tree, start: int) -> None:
    """Replace one of the last modules with an identity."""
    inside = f"{path}."
    taken = [n for n in range(start, len(tree.modules)) if tree.modules[n].path == path]
    names = [name for alias in tree.aliases for name in alias]
    if len(taken) != 1 or any(f"{name}.".startswith(inside) for name in names):
        raise DeclinedError(f"`{path}` of an inner model is unknown")
    rest = [one for one in tree.modules[taken[0] :] if not f"{one.path}.".startswith(inside)]
    tree.modules[taken[0] :] = [Module(path, Kind.OTHER, "Identity", {}, {}), *rest]
