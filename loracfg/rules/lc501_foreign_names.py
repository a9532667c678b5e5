r"""The tensors are named as another tool names them, not as PEFT does.

PEFT looks tensors up by name. It finds none of these, leaves its own factors at their start and
serves the base model; since 0.14 it warns of missing keys.

Fires:

    rename base_model.model.model.layers.(\d+).self_attn.(\w+).lora_A -> lora_unet_\1_\2.lora_down
    rename base_model.model.model.layers.(\d+).self_attn.(\w+).lora_B -> lora_unet_\1_\2.lora_up

Fires:

    rename base_model.model.(.*).lora_A.weight -> \1.lora_a
    rename base_model.model.(.*).lora_B.weight -> \1.lora_b

Passes:

    tensor extra.scale F32 [1]

Repair: convert the adapter with the tool that made it, or load it with the library it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.rules.noted import UNLIKE_PLAN
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import subject_of

_GRAMMARS: Final = (
    ("kohya's scripts", r"lora_(unet|te\d*|transformer)_.*\.(lora_(down|up)|alpha|hada_|lokr_)"),
    ("LyCORIS", r".*\.(hada_w[12]|lokr_w[12]|oft_blocks|on_input|bundle_emb)"),
    ("mlx-lm", r".*\.lora_[ab]$"),
    ("diffusers before PEFT", r".*(\.lora\.(down|up)\.weight|_lora\.(down|up)\.weight)$"),
    ("Megatron", r".*\.(linear_(qkv|proj|fc1|fc2)|dense_h_to_4h)\..*(linear_in|linear_out|lora_)"),
    ("torchtune", r"layers\.\d+\.(attn|mlp)\.\w+\.lora_[ab]\.weight$"),
    ("IA³", r".*\.ia3_l"),
    ("VeRA", r".*\.vera_lambda_[bd]"),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Name the tool if no tensor is PEFT's and most follow its grammar."""
    names = subject.open_names
    if not names or any(name.is_adapter for name in names.values()):
        return
    counts = {tool: sum(bool(re.match(p, n)) for n in names) for tool, p in _GRAMMARS}
    tool = max(counts, key=counts.__getitem__)
    if 2 * counts[tool] < len(names):
        return
    first = next(iter(names))
    yield Finding(
        f"{subject_of(len(names), 'tensor', 'are')} named as {tool} names them, not as PEFT does",
        subject.tensor(first),
        "convert the adapter to PEFT's names",
        count=len(names),
        explains=frozenset(names) | frozenset(subject.missing),
    )


RULE = Rule("LC501", "foreign-names", "error", Noted([UNLIKE_PLAN], check), __name__)
