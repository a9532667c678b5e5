"""The config targets a layer that PEFT cannot adapt, or cannot adapt with these options.

PEFT adapts linear, embedding and convolution layers and `torch.nn.MultiheadAttention`. Options such
as DoRA only work on some of them. PEFT raises an error when the adapter is created or loaded.

Fires:

    config {"target_modules": ["q_proj", "v_proj", "mlp"]}

Fires:

    made with {"lora_bias": true}
    config {"target_modules": ["q_proj", "v_proj", "embed_tokens"]}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "embed_tokens"]}

Repair: remove the layer from the targets, or unset the option.
"""

from __future__ import annotations

from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Rule

check = reporting_failures(
    "unsupported-layer", "remove the layers from the targets, or unset the option"
)

RULE = Rule("LC609", "unsupported-layer", "error", check, __name__)
