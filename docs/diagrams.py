"""The pictures that explain names of tensors, and what a loader does with them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from svg import COLUMN, MONO, document

_GROUND: Final = "#171b21"
_TEXT: Final = "#d6dbe1"
_QUIET: Final = "#9da6af"
_STYLE: Final = (
    f"text{{font:13px {MONO};fill:{_TEXT};white-space:pre}}"
    f".q{{fill:{_QUIET};font:12px system-ui,sans-serif}}"
)
_PARTS: Final = (
    ("base_model.model.", "PEFT's two wrappers", "#8ab4f8"),
    ("model.layers.0.self_attn.q_proj", "the module's path in the model", "#7ddba8"),
    (".lora_A", "the factor", "#f0c06a"),
    (".weight", "", _QUIET),
)
_WANTED: Final = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
_FOUND: Final = "base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight"


def name_picture() -> str:
    """Return the picture of the parts of a tensor's name."""
    x, parts = 24.0, []
    for text, words, colour in _PARTS:
        width = len(text) * COLUMN
        parts += (
            _text(x, 52, text, f' style="fill:{colour}"'),
            f'<path d="M{x:g} 62v6h{width - 3:g}v-6" fill="none" stroke="{colour}"/>',
        )
        if words:
            parts.append(f'<text x="{x:g}" y="88" class="q">{words}</text>')
        x += width
    return _picture(round(x) + 24, 108, "The parts of the name of a tensor", parts)


def silent_picture() -> str:
    """Return the picture of names that are looked up, and names in the file."""
    rows = (
        (40, "PEFT looks up", "#8ab4f8", _WANTED),
        (92, "the file has", "#f0c06a", _FOUND),
    )
    parts = []
    for y, words, colour, name in rows:
        parts.append(f'<text x="24" y="{y}" class="q">{words}</text>')
        parts.append(_text(24, y + 22, name, f' style="fill:{colour}"'))
    outcomes = (
        "not found: the factor keeps its first value, and B is 0, so it adds nothing",
        "not wanted: dropped",
        "no error: the model answers like the base",
    )
    for at, words in enumerate(outcomes):
        parts.append(f'<text x="40" y="{152 + 22 * at}" class="q">→ {escape(words)}</text>')
    width = round(len(_FOUND) * COLUMN) + 48
    return _picture(width, 216, "Why an adapter with other names changes nothing", parts)


def _text(x: float, y: int, text: str, more: str) -> str:
    length = len(text) * COLUMN
    fitted = f'textLength="{length:g}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x:g}" y="{y}" {fitted}{more}>{escape(text)}</text>'


def _picture(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    ground = f'<rect width="{width}" height="{height}" rx="10" fill="{_GROUND}"/>'
    return document(width, height, title, _STYLE, [ground, *parts])
