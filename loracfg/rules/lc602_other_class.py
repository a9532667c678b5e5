r"""The tensors fit another class of the base model than the one that is used.

Classes of one model differ in where they keep their layers: a bare model, one with a head, one
that wraps it with an image encoder, and releases of transformers rename some. PEFT looks tensors
up by whole names, finds none, and serves the base model; since 0.14 it warns of missing keys. This
is the silent failure that is reported most.

Fires:

    base {"class": "LlamaForCausalLM"}
    rename model\.model\. -> model.

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}

Repair: load the adapter with the class that it was trained on, or rename its tensors.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.base.resolve import Fit
from loracfg.rules.rename import Renaming, find_renaming
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural


def check(subject: Subject) -> Iterator[Finding]:
    """Find a class, or a change of prefix, that explains every module path at once."""
    base, lost = subject.tree, subject.lost_paths
    if base is None or not subject.layers or not subject.certain:
        return
    modules = subject.adapter.module_paths
    if not lost or len(lost) < len(modules):
        return
    names = frozenset(n for layer in subject.layers.values() for n in layer.names)
    first = next(iter(names))
    better = next((fit for fit in subject.fits if fit.matched == fit.total), None)
    renaming = find_renaming(sorted(lost), base)
    if better is None and renaming is None:
        return
    yield Finding(
        _message(better.shown if better else None, base.class_name, renaming, len(modules)),
        subject.tensor(min(names, default=first)),
        _help(better, renaming),
        count=len(names),
        explains=names | frozenset(subject.missing),
    )


def _message(fitting: str | None, used: str | None, renaming: Renaming | None, count: int) -> str:
    layers = plural(count, "module")
    if fitting:
        return f"the names of all {layers} fit {fitting}, none fits `{used}`"
    assert renaming is not None
    return f"none of {layers} is in `{used}` under its name, but all are with {renaming}"


def _help(fitting: Fit | None, renaming: Renaming | None) -> str:
    if fitting and (fitting.layout is None or renaming is None):
        return f"load the adapter on a {fitting.shown}"
    return f"load it with the class it was trained on, or rename its tensors: {renaming}"


RULE = Rule("LC602", "other-class", "error", check, __name__)
