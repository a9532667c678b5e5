"""What PEFT computes with adapters, and how an engine's logits compare with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.runtimes.matrix.cells import RUN
from tests.runtimes.matrix.engines.job import UNSETTLED, Job, Outcome

if TYPE_CHECKING:
    import torch

TOKENS: Final = (1, 5, 9, 17, 33, 50, 71, 90)
COMPUTED: Final = "computed"
"""The answer of a script that gives logits, as JSON in `why`: of the base, and with the adapter."""

_SAME: Final = 0.005
"""The error up to which logits are the same, as a share of what the adapter changes.

What an engine computes otherwise without an adapter (`gelu` by a table) is allowed on top, once
for each of the two runs.
"""


class Expected(NamedTuple):
    """The logits of a base and those with an adapter, `(tokens, vocabulary)`."""

    base: torch.Tensor
    adapted: torch.Tensor | None


def expected(jobs: Sequence[Job]) -> Iterator[Expected]:
    """Yield what PEFT computes for each job, which must have the weights of its base.

    Without `adapted`, PEFT cannot run the adapter that it made.
    """
    import peft
    from transformers import AutoModelForCausalLM

    for job in jobs:
        model = AutoModelForCausalLM.from_pretrained(job.base)
        base = _logits(model)
        try:
            wrapped = peft.PeftModel.from_pretrained(model, job.adapter)
            yield Expected(base, _logits(wrapped))
        except (AttributeError, RuntimeError):
            yield Expected(base, None)


def _logits(model: torch.nn.Module) -> torch.Tensor:
    import torch

    with torch.no_grad():
        found: torch.Tensor = model.eval()(torch.tensor([TOKENS])).logits[0]
    return found.float()


def judged(outcome: Outcome, wanted: Expected) -> Outcome:
    """Return the outcome of a job, with logits compared with what PEFT computes.

    Where an engine does not compute the base here, what counts is whether `lost` has changes of
    the adapter that its layers do not hold; without that, the cell is open.
    """
    import torch

    if outcome.answer != COMPUTED:
        return outcome
    found = json.loads(outcome.why)
    size = wanted.base.shape[1]
    base, adapted = (torch.tensor(found.get(key, [[0.0]]))[:, :size] for key in ("base", "adapted"))
    before = wanted.base[-len(base) :]
    is_computed = (base - before).norm() <= _SAME * before.norm() and "adapted" in found
    if not is_computed or wanted.adapted is None:
        if "lost" not in found:
            return Outcome(UNSETTLED, RUN, found.get("error", "other logits of the base"))
        why = f"not in place: {found['lost']}; {found.get('error', 'other logits of the base')}"
        return Outcome("differs" if found["lost"] else "loads", RUN, why)
    change = wanted.adapted[-len(base) :] - before
    error = (adapted - base - change).norm()
    is_same = error < _SAME * change.norm() + 2 * (base - before).norm()
    why = f"error {float(error / change.norm()):.4f}"
    return Outcome("loads" if is_same else "differs", RUN, why)
