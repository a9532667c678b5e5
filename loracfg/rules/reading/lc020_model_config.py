"""`adapter_config.json` is the config of a model, not of an adapter.

A model's `config.json` was copied or saved under this name. PEFT raises because the file has no
`peft_type`; older releases complain about an unexpected keyword argument such as `_name_or_path`.

Fires:

    config text {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}

Passes:

    config {"auto_mapping": {"base_model_class": "LlamaForCausalLM"}}

Repair: replace it with the adapter's own config.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC020", "model-config", "error", reporting("model-config"), __name__)
