"""Recognize the tensor names of other tools and of other PEFT methods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.config.reading.foreign_config import OLD_MLX_VLM, OLD_MLX_VLM_ADVICE, PEFT_TYPES
from loracfg.named_tuple import NamedTuple
from loracfg.report.audience import advice_for_all

_PLURAL: Final = ("scripts", "releases", "checkpoints", "models")


class Dialect(NamedTuple):
    """How a tool names tensors, and the advice for them, also for readers without a command line.

    If `is_bare` is set, only names without PEFT's prefix are recognized; with it, they may be
    PEFT's own.
    """

    tool: str
    pattern: str
    advice: str
    is_bare: bool = False
    on_a_page: str = ""

    @property
    def words(self) -> str:
        """A phrase for messages about tensors with such names."""
        verb = "name" if self.tool.endswith(_PLURAL) else "names"
        return f"named as {self.tool} {verb} them"

    def advice_for_all(self) -> str:
        """The advice for whoever reads it."""
        on_a_page = _WITH_BASE_ON_PAGE if self.needs_base else self.on_a_page
        return advice_for_all(self.advice, on_a_page or self.advice)

    @property
    def needs_base(self) -> bool:
        """Whether only the base shows which module a name is for."""
        return self.advice == _WITH_BASE


COMFYUI: Final = "ComfyUI"
DIFFUSERS: Final = "diffusers"
OLD_DIFFUSERS: Final = "diffusers before it used PEFT"
CONVERT: Final = "convert the adapter with the tool that made it"
TINKER: Final = "Tinker"
_WITH_BASE: Final = "pass the base with `--base`, and `loracfg fix` converts the tensors for it"
_WITH_BASE_ON_PAGE: Final = "choose the base too, which shows whether the tensors can be converted"
_OF_PIPELINE: Final = r"(unet|text_encoder_\d|text_encoder(?=\.text_model\.)|transformer_\d)\..*"
_OF_PARTS: Final = r"(text_encoder|transformer)\.(model|language_model)\..*"
"""Language models in a pipeline; models of transformers may have such paths too."""
_OF_TRANSFORMER: Final = (
    r"transformer\.(.*\.)?((single_)?transformer_blocks\.|(double|single)_blocks\."
    r"|to_(q|k|v|out)\b|base_model\.model\.).*"
)
"""Paths of models such as GPT-2 also have a `transformer` step, but different names below it."""

DIALECTS: Final = (
    Dialect("LoHa of LyCORIS", r"(lora|lycoris)_.*\.hada_\w+", CONVERT),
    Dialect("LoKr of LyCORIS", r"(lora|lycoris)_.*\.lokr_\w+", CONVERT),
    Dialect(
        "LyCORIS",
        r"lycoris_.*|lora_\w+\.(oft_(blocks|diag)|bundle_emb|on_input|w_norm|b_norm|[ab][12]\.weight)",
        CONVERT,
    ),
    Dialect("kohya's scripts", r"lora_(unet|te\d*|transformer|prior|mmdit)_.*", _WITH_BASE),
    Dialect(COMFYUI, r"(model\.)?diffusion_model\..*", _WITH_BASE),
    Dialect(
        OLD_DIFFUSERS,
        r".*(\.lora|_lora|\.lora_linear_layer)\.(down|up)\.weight",
        _WITH_BASE,
    ),
    Dialect(DIFFUSERS, f"{_OF_PIPELINE}|{_OF_TRANSFORMER}", _WITH_BASE),
    Dialect(DIFFUSERS, _OF_PARTS, _WITH_BASE, is_bare=True),
    Dialect(
        "torchtune",
        r"layers\.\d+\.(attn|mlp)\.\w+\.(lora_[ab]\.weight|magnitude)",
        "convert it with torchtune's `tune_to_peft_adapter_weights`, which also reorders the rows "
        "of queries and keys for transformers",
    ),
    Dialect(
        "mlx-lm",
        r".*\.(lora_[ab]|m)",
        "put mlx-lm's own `adapter_config.json` next to them; "
        "`loracfg fix` reads the scale from it",
        on_a_page="choose mlx-lm's own `adapter_config.json` too, which has the scale",
    ),
    Dialect(
        OLD_MLX_VLM,
        r".*\.[AB]",
        OLD_MLX_VLM_ADVICE,
    ),
    Dialect(
        "Megatron",
        r"(.*\.)?(linear_(qkv|proj|fc1|fc2)|dense_h_to_4h)\..*linear_(in|out).*",
        "export it with Megatron-Bridge: queries, keys and values are interleaved in one matrix",
    ),
    Dialect(
        "compressed-tensors",
        r".*\.lora_[AB]\.weight_(packed|scale|shape|zero_point)",
        "save the factors unpacked; they were packed like the quantised weights of the base",
    ),
    Dialect(
        "Mistral's own checkpoints",
        r"layers\.\d+\.(attention\.w[qkvo]|feed_forward\.w[123])\.lora_[AB]\.weight",
        "convert it to the names of transformers, where the rows of queries and keys have a "
        "different order",
    ),
    Dialect(COMFYUI, r".*\.(lora_(down|up|mid)\.weight|alpha|diff(_b)?)", _WITH_BASE),
    Dialect("DiffSynth-Studio", r"(pipe|dit\d?)\..*", CONVERT, is_bare=True),
    Dialect("trainers of image models", r"te\d?\..*", CONVERT, is_bare=True),
    Dialect("LitGPT or loralib", r"(?!base_model\.).*\.lora_[AB]", CONVERT),
)
"""The dialects, the more specific names first."""

_LONGEST: Final = 1_000
"""The maximum characters of a name; the patterns are slow for very long ones."""
_MARKS: Final = {"LOHA": "hada", "PVERA": "pvera_lambda", "VERA": "vera_lambda"}
"""The tensor prefixes of methods that differ from the method (`PEFT_TYPE_TO_PREFIX_MAPPING`)."""
_METHODS: Final = {f"{_MARKS.get(name, name.lower())}_": name for name in sorted(PEFT_TYPES)}
_ADALORA: Final = r".*\.lora_[ABE]"


def dialect_of(names: Iterable[str]) -> Dialect | None:
    """Return the dialect of at least half of the names; None if there is none."""
    given = list(names)
    short = [name.removeprefix(PREFIX) for name in given if len(name) <= _LONGEST]
    bare = [name for name in given if len(name) <= _LONGEST and not name.startswith(PREFIX)]
    for dialect in DIALECTS:
        pattern = re.compile(dialect.pattern)
        likely = bare if dialect.is_bare else short
        if 0 < len(given) <= 2 * sum(bool(pattern.fullmatch(name)) for name in likely):
            return dialect
    return None


_OF_TINKER: Final = r"(.*\.)?(unembed_tokens|(?P<stack>experts\.w[123]))\.lora_[AB]\.weight"
_BESIDE_TINKER: Final = r"(.*\.)?(attn\.[qkvo]_proj|linear_attn\.in_proj_[qkv])\.lora_[AB]\.weight"


def names_of_tinker(shapes: Mapping[str, Shape]) -> list[str]:
    """Return the tensors that Tinker names differently from PEFT; its other names are PEFT's.

    Its factors of experts have an axis for the experts, of size 1 if they share the factor
    (`build_lora_adapter` in `tinker_cookbook/weights/_adapter.py` undoes both).
    """
    short = [name for name in shapes if len(name) <= _LONGEST]
    marks = {
        name: re.fullmatch(_OF_TINKER, name) for name in short if "_tokens." in name or ".w" in name
    }
    found = {n for n, mark in marks.items() if mark and (not mark["stack"] or len(shapes[n]) == 3)}
    if not found:
        return []
    return [name for name in short if name in found or re.fullmatch(_BESIDE_TINKER, name)]


def method_of(names: Iterable[str]) -> str | None:
    """Return the other PEFT method to which most of these names belong; None if there is none."""
    found = [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]
    methods = [_method_of(name) for name in found]
    likely = max(set(methods), key=methods.count, default=None)
    return likely if likely and 2 * methods.count(likely) >= len(found) else None


def _method_of(name: str) -> str | None:
    if re.fullmatch(_ADALORA, name):
        return "ADALORA"
    steps = name.split(".")[-3:]
    return next((m for mark, m in _METHODS.items() if any(s.startswith(mark) for s in steps)), None)
