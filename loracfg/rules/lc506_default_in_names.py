r"""The adapter name `default` was left in the tensor names.

PEFT 0.21 finds such tensors when it loads the adapter under the name `default`, as it does unless
told otherwise. Every release before silently serves the base model, and so does 0.21 under any
other name.

Fires:

    rename \.weight$ -> .default.weight

Passes:

    made with {"r": 2}

Repair: rename the tensors without `default`, and save with `model.save_pretrained`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.rules.lc505_adapter_name_in_names import DEFAULT, named
from loracfg.rules.noted import ADAPTER_NAME
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find tensors that hold `default`."""
    adapters = subject.adapter.table.adapters
    names = [n for n, a in adapters.items() if a == DEFAULT and n in subject.open_names]
    if names:
        yield named(subject, DEFAULT, names)


RULE = Rule("LC506", "default-in-names", "warning", Noted([ADAPTER_NAME], check), __name__)
