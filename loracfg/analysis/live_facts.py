"""What is true of an adapter in a live model and that neither config nor tensors show."""

from __future__ import annotations

from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.report.report import NotChecked

SHARDED: Final = "what other processes hold of the tensors"
"""The name of what is not checked of a sharded model; names and shapes are."""


class ConfigChange(NamedTuple):
    """A config key with its value in a checkpoint and its value now, both as JSON."""

    key: str
    before: str
    now: str


class LiveFacts(NamedTuple):
    """What is true of an adapter in a live model, beyond its config and its tensors.

    Tensors have the names that PEFT gives them in the adapter's file.

    Attributes:
        in_training: whether the adapter is there to be trained: active, and not for inference only.
        for_inference: whether its config says that it is only there for inference.
        active: the names of the active adapters.
        trained: the tensors that require gradients.
        frozen: the tensors that do not, although they could be trained.
        optimized: the trained tensors that the optimizer has; None if that is unknown.
        unsaved: the parameters of the base that are trained, but that PEFT does not save.
        without_data: the tensors on the meta device, although the base is on another.
        untied: the modules that should use the weight of the input embedding, but have their own.
        idle: why the adapter changes nothing: it is `merged` or `disabled`; None if it does.
        changes: how the config differs from that of the checkpoint that training resumes from.
        not_checked: what could not be checked.
    """

    in_training: bool
    for_inference: bool
    active: tuple[str, ...]
    trained: tuple[str, ...]
    frozen: tuple[str, ...]
    optimized: frozenset[str] | None
    unsaved: tuple[str, ...]
    without_data: tuple[str, ...]
    untied: tuple[str, ...]
    idle: str | None
    changes: tuple[ConfigChange, ...]
    not_checked: tuple[NotChecked, ...] = ()
