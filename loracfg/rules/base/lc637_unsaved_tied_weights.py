"""PEFT before 0.6 trained a weight of the base but did not save it.

Those releases left the base's own weight trainable, in addition to the copy for `modules_to_save`.
If other modules use that weight, as T5 uses `shared` in both stacks and in its head, training
changed it there. The file only has the copy. It loads without a warning, but the output is not that
of the trained model, even in the release that wrote the file.

Fires:

    base {"tied": true}
    made with {"modules_to_save": ["embed_tokens"]}
    config none
    config {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 8}
    config {"target_modules": ["q_proj", "v_proj"], "modules_to_save": ["embed_tokens"]}
    config {"revision": null, "bias": "none", "fan_in_fan_out": false, "inference_mode": true}
    config {"lora_dropout": 0.0, "init_lora_weights": true, "layers_pattern": null}
    config {"layers_to_transform": null, "auto_mapping": null}
    config {"base_model_name_or_path": "example/llama"}

Passes:

    base {"tied": true}
    made with {"modules_to_save": ["embed_tokens"]}

Repair: the trained weight is lost. Compare the outputs with those from training, and train again
with PEFT 0.6 or newer.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.tied_weights import trained_in_place
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find modules that share a weight if only some of them are saved."""
    shared = trained_in_place(subject)
    if shared:
        yield Finding(
            f"PEFT before 0.6 saved {listed(shared.saved)}, but also trained the weight of "
            f"{listed(shared.others)}, which is not in the file",
            subject.value("/modules_to_save"),
            "compare the outputs with those from training, or train again with PEFT 0.6 or newer",
            data=ModulePaths(tuple(shared.others), "modules_to_save"),
        )


RULE = Rule(
    "LC637",
    "unsaved-tied-weights",
    "warning",
    GatedCheck([changed("modules_to_save")], check),
    __name__,
)
