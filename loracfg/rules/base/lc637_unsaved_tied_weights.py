"""PEFT before 0.6 trained a weight in the base that it did not save.

Those releases left the base's own weight trainable beside the copy that `modules_to_save` asks for.
Where other modules use that weight, as T5 uses `shared` in both stacks and as its head, training
changed it there. The file has the copy alone, which loads without a word; the output is not that of
the trained model, in the release that wrote it neither.

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

Repair: the trained weight is lost. Compare the answers with those of the training, and train again
with PEFT 0.6 or newer.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.tied_weights import trained_in_place
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for users of one weight of which some are saved."""
    shared = trained_in_place(subject)
    if shared:
        yield Finding(
            f"PEFT before 0.6 saved {listed(shared.saved)}, and trained the weight of "
            f"{listed(shared.others)} too, which is not in the file",
            subject.value("/modules_to_save"),
            "compare the answers with those of the training, or train again with PEFT 0.6 or newer",
            data=ModulePaths(tuple(shared.others), "modules_to_save"),
        )


RULE = Rule(
    "LC637",
    "unsaved-tied-weights",
    "warning",
    Noted([changed("modules_to_save")], check),
    __name__,
)
