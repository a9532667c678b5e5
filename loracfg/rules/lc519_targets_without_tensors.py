"""No target of the config has tensors in the file.

The config does not belong to these weights: it was copied from another adapter, or a trainer wrote
a placeholder instead of the modules it adapted. PEFT ignores the tensors and serves the base
model.

Fires:

    config {"target_modules": ["c_attn"]}

Passes:

    config {"target_modules": ["q_proj", "v_proj", "lm_head"]}

Repair: name the modules that were adapted in `target_modules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.rules.noted import UNLIKE_PLAN
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the listed targets with the modules that the tensors name."""
    config, selection = subject.config, subject.selection
    if config is None or selection is None or not config.target_modules:
        return
    layers = subject.layers
    if not layers or selection.matched or selection.filtered or config.target_parameters:
        return
    modules = {layer.module for layer in layers.values()}
    if modules <= selection.excluded:
        return
    if subject.plan and any(adapted.path in modules for adapted in subject.plan.modules):
        return  # layers that are adapted along with the input embedding
    ends = sorted({path.rpartition(".")[2] for path in modules})
    targets = config.target_modules
    named = f"`{targets}`" if isinstance(targets, str) else listed(targets)
    names = frozenset(n for layer in layers.values() for n in layer.names)
    yield Finding(
        f"the targets are {named}, but the tensors are for {listed(ends)}",
        subject.value("/target_modules"),
        f"set `target_modules` to the modules that were adapted: {listed(ends, 10)}",
        count=len(names),
        explains=names | frozenset(subject.missing),
    )


RULE = Rule("LC519", "targets-without-tensors", "error", Noted([UNLIKE_PLAN], check), __name__)
