"""The file has a different alpha for layers than the config.

kohya's scripts, and tools that follow them, store the alpha of each layer in a tensor next to its
factors. PEFT only reads the config, so it scales the update differently than tools that read these
tensors. Layers with different alphas need `alpha_pattern`. Only checked with `--data`.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []
    values . 0.5
    values q_proj.alpha all 16

Passes:

    tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []
    values . 0.5
    values q_proj.alpha all 8

Repair: set `lora_alpha` to the alpha in the tensors, or give the layers their alphas in
`alpha_pattern`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.alpha_tensors import alphas_of_layers, foreign_alphas
from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare each alpha in the file with the config's."""
    config = subject.config
    if subject.adapter.values is None or config is None:
        return
    expected = dict(_alphas_in_config(subject))
    found = {name: subject.adapter.values.number(name) for name in expected}
    different = {
        name: value
        for name, value in found.items()
        if value is not None and value != expected[name]
    }
    if not different:
        return
    first = next(iter(different))
    if len(set(found.values())) > 1 or config.alpha_pattern:
        advice, alpha = "give these layers their alpha in `alpha_pattern`", None
    else:
        advice, alpha = f"set `lora_alpha` to `{different[first]:g}`", different[first]
    yield Finding(
        f"{with_verb(len(different), 'layer', 'have')} alpha "
        f"{listed(f'{value:g}' for value in sorted(set(different.values())))} in the file, but "
        f"`{expected[first]:g}` in the config",
        subject.tensor(first),
        f"{advice} if the layers were trained with it",
        count=len(different),
        related=(Related(subject.value("/lora_alpha"), "PEFT uses this value"),),
        data=FieldValue("/lora_alpha", expected[first], alpha),
    )


def _alphas_in_config(subject: Subject) -> Iterator[tuple[str, float]]:
    """Yield each tensor with an alpha, and the alpha that the config gives its layer, if known.

    The names of other tools do not show the module, which `alpha_pattern` is matched against.
    """
    for name, module in alphas_of_layers(subject):
        if module in subject.settings:
            yield name, subject.settings[module].alpha
    config = subject.config
    if config and subject.gives("lora_alpha", "alpha_pattern") and not config.alpha_pattern:
        for name in foreign_alphas(subject):
            yield name, config.lora_alpha


RULE = Rule("LC437", "other-alpha", "warning", GatedCheck([VALUES], check), __name__)
