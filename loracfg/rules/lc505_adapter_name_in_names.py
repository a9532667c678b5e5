r"""The name of the adapter was left in the tensor names.

PEFT takes the adapter's name out of tensor names when it saves, and puts the name that it loads
under back in. Names that hold one already are looked up with two, so PEFT finds none of these
tensors and serves the base model. `default` is the name that PEFT itself uses; see LC506.

Fires:

    rename \.weight$ -> .sql.weight

Passes:

    made with {"r": 2}

Repair: rename the tensors without the adapter's name, and save with `model.save_pretrained`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.names import without_adapter
from loracfg.rules.noted import ADAPTER_NAME
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural

DEFAULT = "default"


def check(subject: Subject) -> Iterator[Finding]:
    """Find adapter names other than `default`."""
    groups: dict[str, list[str]] = {}
    for name, adapter in subject.adapter.table.adapters.items():
        if adapter != DEFAULT and name in subject.open_names:
            groups.setdefault(adapter, []).append(name)
    for adapter, names in groups.items():
        yield named(subject, adapter, names)


def named(subject: Subject, adapter: str, names: list[str]) -> Finding:
    """Return the finding for tensors whose names hold the name of an adapter."""
    repaired = [without_adapter(name, adapter) for name in names]
    return Finding(
        f"the names of {plural(len(names), 'tensor')} hold the adapter name `{adapter}`",
        subject.tensor(names[0]),
        f"rename the tensors without it, this one to `{repaired[0]}`",
        count=len(names),
        explains=frozenset((*names, *repaired)),
    )


RULE = Rule("LC505", "adapter-name-in-names", "error", Noted([ADAPTER_NAME], check), __name__)
