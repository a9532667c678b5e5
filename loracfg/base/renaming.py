"""Translates module names of transformers 4 to transformers 5, as PEFT does for adapters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

Rules: TypeAlias = tuple[tuple[str, str], ...]
"""Path prefixes, in which `#` matches a number, each with its replacement."""

_TYPES: Final = """
aria_text audioflamingo3 axk1 axk2 bailing_hybrid beam cohere_asr cosmos3_edge cosmos3_omni
deepseek_ocr2 deepseek_v4 dinov3_convnext dinov3_vit dots3_note_audio_encoder
dots3_note_vision_encoder emu3 ernie4_5_vl_moe esm flint gemma3n_text gemma4_unified glm5_next
glm5_next_text glmasr gradium_phonon_tts granite_speech granite_speech_plus granitemoe
granitemoehybrid granitemoeshared gte hrm_text hunyuan_vl hy_v3 hy_v4 hyperclovax_vision_v2 inkling2
inkling2_text inkling_mm_model jamba jev jina_embeddings_v3 kimi_k25 kimi_linear kolibri1 laguna
lfm2_moe lfm3 lfm3_vl_vision lw_detr mimo_v2_flash minimax_m3_vl mistral_large4 mistral_large4_text
mlcd mlcd_vision mllama molmo2 musicflamingo nemo_speechlm nemotron_h nomic_bert olmo_hybrid
paddleocr_vl pi0 pixio pp_doclayout_v2 pp_doclayout_v3 pp_doclayout_v4 qianfan_ocr
qwen2_5_omni_thinker qwen2_audio qwen2_moe qwen3_5_moe_text qwen3_5_text qwen3_vl_moe qwen4_exp_text
radio sam3_tracker sam3_tracker_video sapiens2 step3p5_vision step3p7 t5gemma2_encoder timesfm2_5
timm_wrapper tipsv2 tipsv2_dpt unlimited_ocr vibevoice_asr videomae voxtral voxtral_realtime yolos
"""
CONVERTED: Final = frozenset(_TYPES.split())
"""Types with conversions in `conversion_mapping.py` of transformers 5.23 that have no rules."""


def renamed(path: str, rules: Rules) -> str:
    """Return a path in the newest transformers; most do not change."""
    for pattern, new in _compiled(rules):
        match = pattern.match(path)
        if match:
            numbers = iter(match.groups())
            begin = "".join(next(numbers) if c == "#" else c for c in new)
            rest = path[match.end() :]
            return (begin + rest) if begin else rest.removeprefix(".")
    return path


@lru_cache(32)
def _compiled(rules: Rules) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the rules as patterns, the longest prefix first."""
    ordered = sorted(rules, key=lambda rule: -len(rule[0]))
    return tuple(
        (re.compile(re.escape(old).replace(r"\#", r"(\d+)") + r"(?=\.|$)"), new)
        for old, new in ordered
    )
