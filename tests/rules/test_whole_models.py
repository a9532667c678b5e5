"""Files next to an adapter or instead of its weights, file by file."""

from __future__ import annotations

import pytest

from loracfg.testing.building.judging import judged

CONFIG = "file config.json {}"
MODEL = "file model.safetensors x"
FOLDER = "file adapter_config.json/ x"
PARTS = tuple(f"file adapter_model-0000{number}-of-00002.safetensors x" for number in (1, 2))


@pytest.mark.parametrize(
    ("lines", "code", "count", "file"),
    [
        ((CONFIG, MODEL), "LC704", 1, "model.safetensors"),
        ((CONFIG, MODEL, "file pytorch_model.bin x"), "LC704", 2, "model.safetensors"),
        ((MODEL,), "LC704", 0, None),
        ((CONFIG,), "LC704", 0, None),
        ((CONFIG, MODEL, "config none"), "LC704", 0, None),
        ((*PARTS, "weights none"), "LC403", 2, "adapter_model-00001-of-00002.safetensors"),
        (PARTS, "LC403", 0, None),
        (("weights none",), "LC403", 0, None),
        ((*PARTS, "weights none", "config none"), "LC403", 0, None),
        ((*PARTS, "weights none", "config none", FOLDER), "LC403", 0, None),
        (("link adapter_config.json",), "LC709", 1, "adapter_config.json"),
        (
            ("link adapter_config.json", "link adapter_model.safetensors"),
            "LC709",
            2,
            "adapter_config.json",
        ),
        ((), "LC709", 0, None),
        (("file optimizer.pt x",), "LC705", 1, "optimizer.pt"),
        (("file optimizer.pt x", "file rng_state.pth x"), "LC705", 2, "optimizer.pt"),
        ((), "LC705", 0, None),
    ],
)
def test_files_of_a_folder(lines: tuple[str, ...], code: str, count: int, file: str | None) -> None:
    found = [one for one in judged(*lines).diagnostics if one.code == code]
    assert [(one.count, one.location.file) for one in found] == ([(count, file)] if count else [])
    if code == "LC709" and count:
        (one,) = found
        assert ("are links" if count > 1 else "is a link") in one.message
