"""Handwritten reports, one for each kind of answer."""

from __future__ import annotations

from typing import Final

from loracfg.report.report import (
    READ,
    AdapterReport,
    Base,
    Coverage,
    Diagnostic,
    Edit,
    Fix,
    HiddenFindings,
    Location,
    NotChecked,
    Region,
    Related,
    Report,
    Scaling,
)

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = "adapter_model.safetensors"
Q_PROJ: Final = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"

_LLAMA: Final = Base("checkpoint", "llama", "LlamaForCausalLM", "models/llama")
_CATALOGUED: Final = _LLAMA._replace(source="catalogue", library="transformers 5.23.0")
_FULL: Final = Coverage(448, expected=448, applied=448, missing=0, unexpected=0, mismatched=0)

_CONFIG_TEXT: Final = """{
  "peft_type": "LORA",
  "r": 8,
  "target_modules": [
    "q_proj",
    "v_projj"
  ]
}
"""


def url(code: str) -> str:
    return f"https://example.org/rules/{code}"


def _report(*adapters: AdapterReport) -> Report:
    return Report("1.2.3", adapters)


_VALID_ADAPTER: Final = AdapterReport(
    "adapters/good",
    "valid",
    read=("config", "names", "shapes"),
    method="LORA",
    base=_CATALOGUED,
    coverage=_FULL,
    scaling=Scaling(2.0, 2.0),
    loads_in={"peft": ">=0.14"},
)

_RANK: Final = Diagnostic(
    "LC503",
    "rank-mismatch",
    "error",
    "the tensors have rank 16, but `r` is 8",
    Location(CONFIG, "/r", Region(3, 8, 3, 9)),
    help="set `r` to 16",
    url=url("LC503"),
    count=224,
    related=(Related(Location(WEIGHTS, tensor=Q_PROJ), "shape (16, 4096) here"),),
    fix=Fix("set `r` to 16", safe=True, edits=(Edit(CONFIG, "/r", 16),)),
)

_SHAPE: Final = Diagnostic(
    "LC603",
    "shape-mismatch",
    "error",
    "the tensor takes 5120 features, but `q_proj` of the base has 4096",
    Location(WEIGHTS, tensor=Q_PROJ),
    help="name the base model that the adapter was trained on",
    url=url("LC603"),
    count=2,
)

_TARGET: Final = Diagnostic(
    "LC311",
    "target-matches-nothing",
    "warning",
    "`v_projj` matches no module of the base",
    Location(CONFIG, "/target_modules", Region(4, 21, 7, 4)),
    help="did you mean `v_proj`?",
    url=url("LC311"),
    related=(Related(Location(CONFIG, "/target_modules/1", Region(6, 5, 6, 14)), "given here"),),
)

VALID: Final = _report(_VALID_ADAPTER)

INVALID: Final = _report(
    AdapterReport(
        "adapters/bad/",
        "invalid",
        (_RANK, _SHAPE, _TARGET),
        read=READ,
        base=_LLAMA,
        coverage=Coverage(450, expected=448, applied=222, missing=0, unexpected=2, mismatched=226),
        scaling=Scaling(1.0, 4.0),
        written_by={"peft": ">=0.15,<0.16", "evidence": "the key `corda_config`"},
        sources={CONFIG: _CONFIG_TEXT},
    ),
    _VALID_ADAPTER,
)

FILTERED: Final = _report(
    AdapterReport(
        "adapters/bad",
        "invalid",
        (_TARGET,),
        base=_LLAMA,
        coverage=Coverage(450, expected=448, applied=222, missing=0, unexpected=2, mismatched=226),
        scaling=Scaling(1.0, 4.0),
        hidden=HiddenFindings(errors=2, infos=1),
        sources={CONFIG: _CONFIG_TEXT},
    )
)

UNDETERMINED: Final = _report(
    AdapterReport(
        ".",
        "undetermined",
        (
            Diagnostic(
                "LC712",
                "trainer-leftovers",
                "info",
                "`optimizer.pt` is no part of an adapter",
                Location("optimizer.pt"),
                help="",
                url=url("LC712"),
            ),
        ),
        read=("config",),
        coverage=Coverage(448),
        scaling=Scaling(1 / 3, 1 / 3),
        not_checked=(
            NotChecked("shapes", "no base model was given"),
            NotChecked("target modules", "no base model was given"),
        ),
    )
)

ERROR: Final = _report(
    AdapterReport(
        "adapters/pointer",
        "error",
        (
            Diagnostic(
                "LC004",
                "git-lfs-pointer",
                "error",
                "the file is a Git LFS pointer, not the file itself",
                Location(WEIGHTS),
                help="run `git lfs pull` in the repository",
                url=url("LC004"),
            ),
        ),
    ),
    AdapterReport(
        "adapters/none",
        "error",
        (
            Diagnostic(
                "LC001",
                "missing-file",
                "error",
                "the directory has no `adapter_config.json`",
                Location(""),
                help="name the directory that holds it",
                url=url("LC001"),
            ),
        ),
    ),
)

_HOSTILE_NAME: Final = "a\x1b]0;owned\x07\n::error::x, 100%\ud800]]>[x](https://evil.example)\u202e"
_HOSTILE_LINE: Final = '\t"\x1b[31mключ": "値",\t"r":8\r'

HOSTILE: Final = _report(
    AdapterReport(
        "my adapters/a%b:c,d",
        "invalid",
        (
            Diagnostic(
                "LC502",
                "unknown-tensor",
                "error",
                f"nothing explains `{_HOSTILE_NAME}`",
                Location(WEIGHTS, tensor=_HOSTILE_NAME),
                help=f"drop `{_HOSTILE_NAME}`",
                url=url("LC502"),
            ),
            Diagnostic(
                "LC104",
                "wrong-type",
                "error",
                "`r` is `8`",
                Location(CONFIG, "/r", Region(2, 24, 2, 25)),
                help="",
                url=url("LC104"),
            ),
        ),
        base=Base("transformers", None, "Evil\x1b[2JModel"),
        coverage=Coverage(1, expected=1, applied=0, missing=1, unexpected=1, mismatched=0),
        scaling=Scaling(float("nan"), float("inf")),
        not_checked=(NotChecked("\x00", "\u2028"),),
        sources={CONFIG: "{\r\n" + _HOSTILE_LINE + "\n}"},
    )
)

SAMPLES: Final = {
    "valid": VALID,
    "invalid": INVALID,
    "filtered": FILTERED,
    "undetermined": UNDETERMINED,
    "error": ERROR,
    "hostile": HOSTILE,
}
