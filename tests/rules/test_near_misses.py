"""What is found, all of it, where rules come near to each other or to finding something."""

from __future__ import annotations

import pytest

from loracfg.testing.judging import codes

TOKENS = 'made with {"trainable_token_indices": {"embed_tokens": [1, 5]}}'


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # tokens of an embedding are no modules that targets should have named
        ((TOKENS, "drop lora_"), ["LC617"]),
        ((TOKENS, "drop lora_", "base none"), ["LC504"]),
    ],
)
def test_what_is_found(lines: tuple[str, ...], found: list[str]) -> None:
    assert codes(*lines) == found
