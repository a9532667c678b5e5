"""Prints the composite models of LLaMA-Factory."""

import json
import sys

from llamafactory.model.model_utils.visual import COMPOSITE_MODELS

sys.stdout.write(
    json.dumps(
        {
            name: {
                "projector": one.projector_keys,
                "vision": one.vision_model_keys,
                "language": one.language_model_keys,
                "conflict": one.lora_conflict_keys,
            }
            for name, one in sorted(COMPOSITE_MODELS.items())
        }
    )
)
