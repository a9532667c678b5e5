r"""Names in `target_modules` select layers of both the text model and an image or audio tower.

Both often have layers with the same name, such as `q_proj`, and a target matches the end of a path.
If this is not intended, the adapter also changes the tower. Engines that only adapt the text model
reject the adapter or ignore part of it.

Fires:

    base {"vision": 1}
    tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_A.weight F32 [4, 16]
    tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_B.weight F32 [16, 4]

Passes:

    made with {"target_modules": "model\\..*q_proj"}
    base {"vision": 1}

Repair: if you only want to adapt the text model, set `exclude_modules` to a pattern for the tower
and train again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from loracfg.analysis.phrases import listed, pattern_of_part, plural
from loracfg.analysis.subject import Subject
from loracfg.base.towers import is_within, parts_of
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Count the layers that a name selects in each part of the base."""
    plan = subject.plan
    if plan is None or not subject.certain or not isinstance(plan.config.target_modules, list):
        return
    parts = parts_of(plan.base)
    if parts is None:
        return
    absent = {expected.path for expected in subject.compared.missing.values()}
    adapted = [module for module in plan.modules if module.path not in absent]
    of_text = [module for module in adapted if is_within(module.path, parts.text)]
    ends = {module.target for module in of_text}
    beside = [(m.target, parts.other_of(m.path)) for m in adapted if m.target in ends]
    found = [(name, part) for name, part in beside if part]
    if not found:
        return
    names, others = sorted({name for name, _ in found}), Counter(part for _, part in found)
    verb = "select" if len(names) > 1 else "selects"
    count = sum(module.target in names for module in of_text)
    counts = [f"{count} of `{path}`" for path, count in others.items()]
    yield Finding(
        f"{listed(names)} in `target_modules` {verb} {plural(count, 'layer')} of "
        f"`{parts.text}` and {' and '.join(counts)}",
        subject.value("/target_modules"),
        "if this is not intended, train with `exclude_modules` set to "
        f"`{pattern_of_part(next(iter(others)))}`",
        count=others.total(),
        data=Entries("target_modules", tuple(names)),
    )


RULE = Rule("LC631", "adapted-towers", "info", check, __name__)
