"""The snippets that editors offer for an empty file."""

from __future__ import annotations

from typing import Any, Final

_LORA: Final[dict[str, Any]] = {
    "peft_type": "LORA",
    "task_type": "${1|CAUSAL_LM,SEQ_CLS,SEQ_2_SEQ_LM,TOKEN_CLS,QUESTION_ANS,FEATURE_EXTRACTION|}",
    "base_model_name_or_path": "$2",
    "r": "^${3:16}",
    "lora_alpha": "^${4:32}",
    "lora_dropout": "^${5:0.05}",
    "target_modules": ["${6:q_proj}", "${7:v_proj}"],
}

SNIPPETS: Final = [
    {
        "label": "LoRA",
        "description": "An adapter for the query and value projections.",
        "body": _LORA,
    },
    {
        "label": "DoRA",
        "description": "Like LoRA, with magnitude and direction trained separately.",
        "body": _LORA | {"use_dora": True},
    },
    {
        "label": "rsLoRA",
        "description": "Like LoRA, scaled by the square root of the rank.",
        "body": _LORA | {"use_rslora": True},
    },
]
"""`defaultSnippets` for VS Code. `^` marks a value that is not inserted as a string."""
