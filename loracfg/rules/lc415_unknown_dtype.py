"""A tensor has a dtype that its file format does not know.

The safetensors library refuses the whole file. In `adapter_model.bin`, the form that `torch.save`
had before torch 1.6 knows none of the dtypes that came later, and torch does not load them from it.

Fires:

    weights header {"x": {"dtype": "float32", "shape": [1], "data_offsets": [0, 4]}}
    weights append 00000000

Passes:

    tensor base_model.model.lm_head.weight BF16 [32, 16]

Repair: save the tensors in a dtype of the format, such as `F32`, `F16` or `BF16`.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC415", "unknown-dtype", "error", reporting("unknown-dtype", "legacy-dtype"), __name__)
