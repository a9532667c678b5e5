r"""Tensor names hold `_orig_mod.`, which `torch.compile` puts there.

The names of the loaded model do not have it, so PEFT finds none of these tensors and serves the
base model; since 0.14 it warns of missing keys.

Fires:

    rename ^base_model\.model\. -> base_model.model._orig_mod.

Passes:

    made with {"r": 2}

Repair: rename the tensors without `_orig_mod.`, and save the model that was compiled
(`model._orig_mod`) next time.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.names import COMPILED
from loracfg.rules.noted import COMPILED_NAME
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural


def check(subject: Subject) -> Iterator[Finding]:
    """Find names with the prefix of a compiled module."""
    found = [name for name in subject.adapter.table.compiled if name in subject.open_names]
    if not found:
        return
    repaired = [name.replace(COMPILED, "") for name in found]
    yield Finding(
        f"the names of {plural(len(found), 'tensor')} hold `{COMPILED}`, the mark of a compiled "
        "model",
        subject.tensor(found[0]),
        f"rename the tensors without `{COMPILED}`, this one to `{repaired[0]}`",
        count=len(found),
        explains=frozenset((*found, *repaired)),
    )


RULE = Rule("LC500", "compiled-prefix", "error", Noted([COMPILED_NAME], check), __name__)
