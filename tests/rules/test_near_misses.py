"""What is found, all of it, where rules come near to each other or to finding something."""

from __future__ import annotations

import pytest

from loracfg.testing.judging import codes, judged

MODEL = ("file config.json {}", "file model.safetensors x")
TOWER = "tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_"
LONE = (
    r'made with {"target_modules": "model\\..*_proj"}',
    'config {"target_modules": ".*_proj"}',
    f"{TOWER}A.weight F32 [4, 16]",
    f"{TOWER}B.weight F32 [16, 4]",
)
TOKENS = 'made with {"trainable_token_indices": {"embed_tokens": [1, 5]}}'


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # tokens of an embedding are no modules that targets should have named
        ((TOKENS, "drop lora_"), ["LC617"]),
        ((TOKENS, "drop lora_", "base none"), ["LC504"]),
        # a whole model is its config and its weights, and it is beside an adapter
        (MODEL, ["LC704"]),
        (MODEL[:1], []),
        (MODEL[1:], ["LC706"]),
        ((*MODEL, "config none"), ["LC003"]),
        # other readers of safetensors read what PEFT does not, those of pickles do not
        (("file other.safetensors x",), ["LC706"]),
        (("file other.safetensors x", "config none"), ["LC003"]),
        (("file other.safetensors x", "weights pickled"), ["LC404"]),
        (("file other.bin x", "weights pickled"), ["LC404", "LC706"]),
    ],
)
def test_what_is_found(lines: tuple[str, ...], found: list[str]) -> None:
    assert codes(*lines) == found


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("link a",), "`a` is a link out of the folder"),
        (("link a", "link b"), "`a` and `b` are links out of the folder"),
        ((*LONE, 'base {"vision": 1}'), "`projector` is no target"),
        ((*LONE, 'base {"vision": 1}'), "train again with it in"),
        ((*LONE, 'base {"vision": 1, "labels": 2}'), "`projector` and `score` are no target"),
        ((*LONE, 'base {"vision": 1, "labels": 2}'), "train again with them in"),
    ],
)
def test_one_and_several(lines: tuple[str, ...], words: str) -> None:
    (found,) = judged(*lines).diagnostics
    assert words in f"{found.message}; {found.help}"
