"""Finds the documented examples in the sources of the trainers' packages.

They are read from the environments that the oracle's command makes, and never copied here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.training.trainer_files.drawing import Drawn
from tests.training.trainer_files.environments import sources_of

_BLOCK: Final = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_BASES: Final = (
    ("qwen3", "qwen3"),
    ("qwen2", "qwen2"),
    ("mixtral", "mixtral"),
    ("mistral", "mistral"),
    ("gemma", "gemma2"),
    ("phi", "phi3"),
    ("falcon", "falcon"),
    ("gpt-neox", "gpt_neox"),
    ("pythia", "gpt_neox"),
)
"""Bases for examples, by a part of their text; the sizes and towers of theirs are not known."""


def examples_of(trainer: str) -> list[Drawn] | None:
    """Return the examples of a trainer, or None if its sources are missing."""
    sources = sources_of(trainer)
    if sources is None:
        return None
    match trainer:
        case "axolotl" | "LLaMA-Factory":
            return [
                Drawn("config.yaml", text, _base_of(text))
                for path in sorted(sources.glob("*/examples/**/*.y*ml"))
                if _is_training(trainer, text := path.read_text(encoding="utf-8"))
            ]
        case "TRL":
            return _commands(
                sources, "trl/**/*.py", r"trl/(?:experimental/)?scripts/(\w+)\.py|trl \w+"
            )
        case "ms-swift":
            return _commands(sources, "*.md", r"\bswift (?:sft|rlhf|pt)\b")
        case _:
            return []


def _is_training(trainer: str, text: str) -> bool:
    key = r"^base_model:" if trainer == "axolotl" else r"^finetuning_type:"
    is_new = re.search(r"^peft_config:(?s:.*)^train_dataset:", text, re.MULTILINE) is not None
    return is_new or re.search(key, text, re.MULTILINE) is not None


def _commands(sources: Path, glob: str, program: str) -> list[Drawn]:
    """Return the arguments of each command in the text blocks of files."""
    found = []
    for path in sorted(sources.glob(f"*/{glob}")):
        for block in _BLOCK.findall(path.read_text(encoding="utf-8", errors="replace")):
            plain = re.sub(r"\\\n", " ", re.sub(r"(?m)(?:^|\s)#.*$", "", block))
            for line in plain.splitlines():
                match = re.search(program, line)
                arguments = line[match.end() :].strip() if match else ""
                if match and arguments.startswith("--") and "$" not in arguments:
                    text = f"{line[match.start() :]}\n"
                    found.append(Drawn("train.sh", text, _base_of(line), arguments))
    return found


def _base_of(text: str) -> str:
    small = text.lower()
    return next((base for part, base in _BASES if part in small), "llama")
