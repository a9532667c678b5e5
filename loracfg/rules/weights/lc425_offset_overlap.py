"""Two tensors of the weight file share data.

The tensors of a safetensors file are stored one after the other. The library rejects files in which
they overlap ("invalid offset for tensor"). Save tied tensors once, or copy them.

Fires:

    weights header {"x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}, "y": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}
    weights append 00

Passes:

    tensor base_model.model.lm_head.weight F16 [32, 16]

Repair: save the file again with the safetensors library.
"""  # noqa: E501  # the example is one line

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC425", "offset-overlap", "error", reporting("offset-overlap"), __name__)
