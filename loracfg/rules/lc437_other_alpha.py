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

from loracfg.report.model import Edit, Fix, Related
from loracfg.rules.alphas import alphas_of_layers, foreign_alphas
from loracfg.rules.noted import VALUES
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed, plural


def check(subject: Subject) -> Iterator[Finding]:
    """Compare each alpha in the file with the config's."""
    if subject.adapter.values is None or subject.config is None:
        return
    wanted = dict(_wanted(subject))
    found = {name: subject.adapter.values.number(name) for name in wanted}
    others = {
        name: value for name, value in found.items() if value is not None and value != wanted[name]
    }
    if not others:
        return
    values = sorted(set(others.values()))
    first = next(iter(others))
    yield Finding(
        f"the file gives {plural(len(others), 'layer')} alpha "
        f"{listed(f'{value:g}' for value in values)}, the config `{wanted[first]:g}`",
        subject.tensor(first),
        _advice(values),
        count=len(others),
        related=(Related(subject.value("/lora_alpha"), "PEFT takes this one"),),
        fix=_fix(subject, values) if len(others) == len(found) else None,
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


def _advice(values: list[float]) -> str:
    if len(values) == 1:
        return f"set `lora_alpha` to `{values[0]:g}` if the layers were trained with it"
    return "give these layers their alpha in `alpha_pattern` if they were trained with it"


def _fix(subject: Subject, values: list[float]) -> Fix | None:
    """Return the fix where all layers have one alpha, and no pattern gives them another."""
    if len(values) > 1 or subject.config is None or subject.config.alpha_pattern:
        return None
    alpha = int(values[0]) if values[0].is_integer() else values[0]
    edits = (Edit("adapter_config.json", "/lora_alpha", alpha),)
    return Fix(f"set `lora_alpha` to `{alpha}`", safe=False, edits=edits)


RULE = Rule("LC437", "other-alpha", "warning", Noted([VALUES], check), __name__)
