"""Tensors in the file give layers another alpha than the config does.

kohya's scripts and tools that follow them keep the alpha of each layer beside its factors. PEFT
reads the config only, so the update is scaled by other numbers than where these are read, and
layers that differ in alpha need `alpha_pattern`. Seen with `--data`.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []
    values . 0.5
    values q_proj.alpha all 16

Passes:

    tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []
    values . 0.5
    values q_proj.alpha all 8

Repair: set `lora_alpha` to the alpha of the tensors, or give layers theirs in `alpha_pattern`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.alpha_tensors import alphas_of_layers, foreign_alphas
from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare each alpha in the file with the config's."""
    config = subject.config
    if subject.adapter.values is None or config is None:
        return
    wanted = dict(_wanted(subject))
    found = {name: subject.adapter.values.number(name) for name in wanted}
    others = {
        name: value for name, value in found.items() if value is not None and value != wanted[name]
    }
    if not others:
        return
    first = next(iter(others))
    if len(set(found.values())) > 1 or config.alpha_pattern:
        advice, meant = "give these layers their alpha in `alpha_pattern`", None
    else:
        advice, meant = f"set `lora_alpha` to `{others[first]:g}`", others[first]
    yield Finding(
        f"the file gives {plural(len(others), 'layer')} alpha "
        f"{listed(f'{value:g}' for value in sorted(set(others.values())))}, the config "
        f"`{wanted[first]:g}`",
        subject.tensor(first),
        f"{advice} if the layers were trained with it",
        count=len(others),
        related=(Related(subject.value("/lora_alpha"), "PEFT takes this one"),),
        data=FieldValue("/lora_alpha", wanted[first], meant),
    )


def _wanted(subject: Subject) -> Iterator[tuple[str, float]]:
    """Yield the tensors that hold an alpha, with the config's for the layer, where that is known.

    Names of other tools do not tell the module, by which `alpha_pattern` gives alphas.
    """
    for name, module in alphas_of_layers(subject):
        if module in subject.settings:
            yield name, subject.settings[module].alpha
    config = subject.config
    if config and subject.gives("lora_alpha", "alpha_pattern") and not config.alpha_pattern:
        for name in foreign_alphas(subject):
            yield name, config.lora_alpha


RULE = Rule("LC437", "other-alpha", "warning", Noted([VALUES], check), __name__)
