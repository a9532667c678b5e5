"""Whether PEFT can turn an adapter whose initialisation changed the base into plain LoRA."""

from __future__ import annotations

from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject

SAVE_AS_LORA: Final = "save it again with `path_initial_model_for_weight_conversion`"


def can_be_saved_as_lora(subject: Subject) -> bool:
    """Tell whether `path_initial_model_for_weight_conversion` gives an adapter that does the same.

    PEFT 0.21.2 raises for rank-stabilised scaling with patterns, for biases, saved modules and
    tokens, and writes neither magnitudes nor the factors of embeddings
    (`LoraModel._convert_state_dict_for_initial_model`).
    """
    config = subject.config
    if config is None or config.bias != "none" or config.modules_to_save or config.use_dora:
        return False
    if config.use_rslora and (config.rank_pattern or config.alpha_pattern):
        return False
    return subject.adapter.table.parts <= {Part.A, Part.B}
