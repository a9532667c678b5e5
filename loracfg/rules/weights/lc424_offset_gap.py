"""The weight file has data that belongs to no tensor.

The tensors of a safetensors file are stored one after the other, without gaps. The library rejects
files with gaps ("invalid offset for tensor"), since anything could be hidden there.

Fires:

    weights header {"x": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}}
    weights append 0000

Passes:

    tensor base_model.model.lm_head.weight F16 [32, 16]

Repair: save the file again with the safetensors library.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC424", "offset-gap", "error", reporting("offset-gap"), __name__)
