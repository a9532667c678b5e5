"""Facts of config classes that were found by reading, since no rule derives them."""

from __future__ import annotations

from typing import Any, Final

_NONE: Final = {"how": "none"}
_KINDS: Final = {"how": "kinds", "old": ["full_attention"]}
_GEMMA: Final = {
    **_KINDS,
    "full_attention": ["rope_theta", "global"],
    "sliding_attention": ["rope_local_base_freq", "local"],
}
_MODERN_BERT: Final = {
    **_KINDS,
    "old": ["full_attention", "sliding_attention"],
    "full_attention": ["global_rope_theta", "global"],
    "sliding_attention": ["local_rope_theta", "local"],
}
_PHI: Final = {
    "how": "flat",
    "theta": "rope_theta",
    "base": 10000.0,
    "partial": ["partial_rotary_factor", 1.0, True],
    "rename": {"su": "longrope", "yarn": "longrope"},
}
_QWEN_VL: Final = {"how": "flat", "theta": "rope_theta", "early": {"mrope": "default"}}

ROPE: Final[dict[str, dict[str, Any]]] = {
    "BeamConfig": _NONE,
    "DiffusionGemmaTextConfig": _NONE,
    "EmbeddingGemma2TextConfig": _NONE,
    "Gemma4TextConfig": _NONE,
    "Gemma4UnifiedTextConfig": _NONE,
    "LagunaConfig": _NONE,
    "MellumConfig": _NONE,
    "MiMoV2FlashConfig": _NONE,
    "Gemma3TextConfig": _GEMMA,
    "Gemma3nTextConfig": _GEMMA,
    "T5Gemma2TextConfig": _GEMMA,
    "T5Gemma2DecoderConfig": _GEMMA,
    "ModernBertConfig": _MODERN_BERT,
    "ModernBertDecoderConfig": _MODERN_BERT,
    "Olmo3Config": {
        **_KINDS,
        "full_attention": ["rope_theta", None],
        "sliding_attention": ["rope_theta", None],
    },
    "Phi3Config": _PHI,
    "Phi4MultimodalConfig": _PHI,
    "Qwen2_5_VLTextConfig": _QWEN_VL,
    "Qwen2VLTextConfig": _QWEN_VL,
    "GPTNeoXConfig": {
        "how": "flat",
        "theta": "rotary_emb_base",
        "partial": ["rotary_pct", 0.25, False],
    },
    "GPTNeoXJapaneseConfig": {
        "how": "flat",
        "theta": "rotary_emb_base",
        "partial": ["rotary_pct", 1.0, False],
    },
    "MiniMaxM2Config": {"how": "before", "partial": ["rotary_dim", "head_dim"]},
    "HunYuanVLTextConfig": {
        "how": "",
        "last": {"xdrope": "dynamic"},
        "moved": ["xdrope_section", "mrope_section"],
    },
    "ZayaConfig": {"how": "drop", "key": "rope_type"},
    "NeoMMEConfig": {"how": "each", "part": "default_partial_rotary_factor"},
    "Dots3NoteTextConfig": {
        "how": "first",
        "theta": ["sliding_attention", "swa_rope_theta", 50000.0],
        "partial": ["qk_rope_head_dim", "head_dim"],
    },
    "CohereCompassTextConfig": {"how": "tidy", "keys": ["rope_theta", "rope_type"]},
}
"""How classes derive `rope_parameters` from older keys, if differently from the base.

`loracfg.base.catalogue.configs.rope` defines the words. A class with its own way that is not listed
here declines.
"""

THROUGH: Final = {"Qwen2VLConfig": "text_config", "Qwen2_5_VLConfig": "text_config"}
"""Classes of 4.57 whose attributes are those of a part."""

SHARING: Final[dict[str, dict[str, list[str]]]] = {
    "T5GemmaConfig": {
        "parts": ["encoder", "decoder"],
        "names": [
            *("output_hidden_states", "output_attentions", "_attn_implementation"),
            *("dropout_rate", "attention_dropout", "vocab_size"),
        ],
    }
}
"""Classes of 4.57 that set some attributes on parts as well."""

LABELLED: Final = frozenset(("DeepseekV4Config",))
"""Classes that check the rotary positions of each label separately."""

TOKEN_CHECKS: Final[dict[str, dict[str, Any]]] = {
    "CsmConfig": {
        "exprs": [
            ["c"],
            [".", 0, "vocab_size"],
            [".", 0, "num_codebooks"],
            ["*", 1, 2],
            ["<", [0], 3],
            ["ok", 4],
        ],
        "checks": [[[], 5]],
    }
}
"""Classes that compare token ids with a number other than `vocab_size`."""
