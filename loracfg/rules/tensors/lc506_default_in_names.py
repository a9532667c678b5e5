r"""Tensor names contain the adapter name `default`.

PEFT 0.21 finds such tensors if it loads the adapter under the name `default`, which is what it does
unless told otherwise. Older releases silently serve the base model, and so does 0.21 under any
other name.

Fires:

    rename \.weight$ -> .default.weight

Passes:

    made with {"r": 2}

Repair: rename the tensors without `default`. Next time, save with `model.save_pretrained`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import DEFAULT
from loracfg.analysis.misnamed import adapter_name, names_by_adapter, names_contain
from loracfg.analysis.noted import ADAPTER_NAME
from loracfg.analysis.subject import Subject
from loracfg.planning.spelling import loads_as_named
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find names with `default` if PEFT finds all of them; the tensors are checked as usual."""
    adapters = subject.adapter.table.adapters.values()
    names = names_by_adapter(subject).get(DEFAULT)
    if names and all(loads_as_named(parsed) for parsed in adapters if parsed.adapter == DEFAULT):
        yield Finding(
            names_contain(DEFAULT, names),
            subject.tensor(names[0].name),
            f"rename the tensors without it, this one to `{names[0].bare}`",
            count=len(names),
            data=adapter_name(DEFAULT, subject),
        )


RULE = Rule("LC506", "default-in-names", "warning", GatedCheck([ADAPTER_NAME], check), __name__)
