r"""Tensor names contain the adapter's name, so PEFT does not find the tensors.

PEFT removes the adapter's name from tensor names when it saves an adapter, and inserts the name
that it uses when it loads one. It does not find tensors that already have a name in them, and
serves the base model without them. `default` is PEFT's own name for an adapter: 0.21 finds most
tensors that contain it (LC506), but not DoRA magnitudes that end in it. For modules that are saved
whole and for trained tokens, it raises a `KeyError`.

Fires:

    rename \.weight$ -> .sql.weight

Fires:

    made with {"use_dora": true}
    rename magnitude_vector$ -> magnitude_vector.default

Fires:

    made with {"modules_to_save": ["lm_head"]}
    rename (lora_.)\.weight$ -> \1.default.weight
    rename lm_head\.weight$ -> lm_head.modules_to_save.default.weight

Passes:

    made with {"r": 2}

Repair: rename the tensors without the adapter's name. Next time, save with `model.save_pretrained`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import TensorName
from loracfg.analysis.misnamed import adapter_name, names_by_adapter, names_contain
from loracfg.analysis.noted import ADAPTER_NAME
from loracfg.analysis.subject import Subject
from loracfg.planning.spelling import loads_as_named, saved_as
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find adapter names that keep PEFT from finding tensors."""
    for adapter, names in names_by_adapter(subject).items():
        lost = [parsed for parsed in names if not loads_as_named(parsed)]
        if lost:
            yield _finding(subject, adapter, names, lost)


def _finding(
    subject: Subject, adapter: str, names: list[TensorName], lost: list[TensorName]
) -> Finding:
    first, rules = lost[0], subject.tree.renames if subject.tree else ()
    only = f", and PEFT does not find {len(lost)} of them" if len(lost) < len(names) else ""
    saved = {name for parsed in lost for name in saved_as(parsed, rules)}
    return Finding(
        f"{names_contain(adapter, names)}{only}",
        subject.tensor(first.name),
        f"rename the tensors without it, this one to `{first.bare}`",
        count=len(names),
        explains=frozenset(saved.union(parsed.name for parsed in lost)),
        data=adapter_name(adapter, subject),
    )


RULE = Rule("LC505", "adapter-name-in-names", "error", GatedCheck([ADAPTER_NAME], check), __name__)
