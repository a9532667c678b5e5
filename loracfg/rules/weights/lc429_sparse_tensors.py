r"""Tensors are sparse, or have no data.

PEFT copies each tensor into a dense parameter, which fails for these.

Fires:

    weights pickled X>\x00\x00\x00base_model.model.model.layers.0.self_attn.q_proj.lora_A.weightctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nfloat32\n(K\x04K\x10t(K\x10K\x01t\x89tR

Passes:

    weights pickled

Repair: save dense tensors that have data.
"""  # noqa: E501  # the example is one line

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC429", "sparse-tensors", "error", reporting("tensor-not-dense"), __name__)
