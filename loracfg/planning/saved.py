"""The tensors that PEFT saves for wrapped modules in addition to those of the wrapper.

A `ModulesToSaveWrapper` (`peft/utils/other.py`, 0.21.2) keeps the module as `original_module` and a
copy of it as `modules_to_save.default`. With `bias` `all`, the biases of both are saved. With
`save_embedding_layers`, everything below an embedding is saved (`peft/utils/save_and_load.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Module, parents_of
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.planning.adapted import Row
from loracfg.planning.layer_tensors import Role
from loracfg.planning.state import WrappedBase
from loracfg.planning.trained_tokens import TokenModules

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

UNSAVEABLE: Final = (
    "ModuleDict",
    "ModuleList",
    "ParameterDict",
    "ParameterList",
    "ParametrizationList",
)
"""Classes that `ModulesToSaveWrapper.check_module` refuses."""


def with_heads(config: ConfigValues, tasks: tuple[str, ...]) -> ConfigValues:
    """Add the heads that PEFT saves for the task, if it is one of `tasks`."""
    if config.task_type not in tasks:
        return config
    names = [*(config.modules_to_save or ()), *TASK_HEADS[config.task_type]]
    return config.model_copy(update={"modules_to_save": list(dict.fromkeys(names))})


def bias_tensors(wrapped: WrappedBase, saved: Sequence[str]) -> Iterator[tuple[str, str, Shape]]:
    """Yield each name under which a base bias is saved, with its module and shape."""
    owners = frozenset(map(wrapped.name_of, saved))
    for path in ("", *wrapped.base.paths()):
        module = wrapped.base.find(path)
        shape = _bias_of(module) if module else None
        if shape is None:
            continue
        name = f"{wrapped.name_of(path)}.bias".removeprefix(".")
        owner = next((parent for parent in parents_of(name) if parent in owners), None)
        if owner is None:
            yield name, path, shape
            continue
        inside = name.removeprefix(owner)
        yield f"{owner}.original_module{inside}", path, shape
        # PEFT only removes an adapter name next to the last step.
        copy = "modules_to_save.default" if inside.count(".") > 1 else "modules_to_save"
        yield f"{owner}.{copy}{inside}", path, shape


def _bias_of(module: Module) -> Shape | None:
    """Return the shape of a bias, which is a buffer in frozen norms."""
    return module.parameters.get("bias", module.buffers.get("bias"))


def second_tensors(
    wrapped: WrappedBase, rows: Sequence[Row], tokens: TokenModules
) -> Iterator[tuple[str, Shape]]:
    """Yield the second names of adapter tensors that may be saved with an embedding.

    These are trained tokens under the name of a layer that is tied to the input embedding, and DoRA
    magnitudes under their names in the model.
    """
    base = wrapped.base
    source = base.find(base.input_embeddings or "")
    trained = tokens.rows.get(base.input_embeddings or "")
    if source and trained:
        for path in tokens.followers:
            name = wrapped.name_of(path).removesuffix("base_layer")
            yield f"{name}trainable_tokens_delta", (len(trained), source.weight[1])
    for stem, path, tensors in rows:
        if path in (base.input_embeddings, base.output_embeddings):
            for end, shape, role in tensors:
                if role is Role.MAGNITUDE:
                    yield f"{stem}{end}.weight".removeprefix(PREFIX), shape
