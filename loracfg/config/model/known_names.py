"""Names that PEFT defines: of the config file, initialisation methods and tasks."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

from loracfg.config.history.releases import at_least
from loracfg.named_tuple import NamedTuple

CONFIG_NAME: Final = "adapter_config.json"


class Init(NamedTuple):
    """An initialisation method.

    Attributes:
        since: the release that added it.
        meaning: how it sets the factors.
        changes_base: whether loading repeats it and changes the base weights.
        annotated: whether PEFT lists it in the annotation of `init_lora_weights`.
    """

    since: str
    meaning: str
    changes_base: bool = False
    annotated: bool = True


INITS: Final = {
    "gaussian": Init("0.7.0", "A is normal with standard deviation `1 / r`, B zero."),
    "eva": Init("0.14.0", "A comes from the activations of training data (EVA), B is zero."),
    "olora": Init(
        "0.12.0", "Both come from the QR decomposition of the base weight.", changes_base=True
    ),
    "pissa": Init(
        "0.11.0",
        "Both come from the largest singular values of the base weight.",
        changes_base=True,
    ),
    "pissa_niter_N": Init(
        "0.11.0", "Like `pissa`, with a faster SVD of N iterations.", changes_base=True
    ),
    "corda": Init(
        "0.15.0",
        "Both come from the base weight and the covariance of training data.",
        changes_base=True,
    ),
    "loftq": Init(
        "0.7.0", "Both are fitted to the quantisation error of the base weight.", changes_base=True
    ),
    "orthogonal": Init("0.16.0", "Rows of A and columns of B are orthogonal; `r` must be even."),
    "lora_ga": Init(
        "0.19.0",
        "Both come from the gradients of training data.",
        changes_base=True,
        annotated=False,
    ),
    "mica": Init(
        "0.20.0",
        "B comes from the smallest singular values of the base weight and is not trained; A is "
        "zero.",
    ),
}
"""PEFT's initialisation methods (`tuners/lora/layer.py` of each release)."""

CASELESS_INITS: Final = frozenset({"gaussian", "olora", "mica"})

NITER: Final = "pissa_niter_[0-9]+"
"""The pattern of `pissa_niter_N`."""

Task = Literal[
    "SEQ_CLS",
    "SEQ_2_SEQ_LM",
    "CAUSAL_LM",
    "TOKEN_CLS",
    "QUESTION_ANS",
    "FEATURE_EXTRACTION",
]

FirstTask = Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS"]
"""The tasks that PEFT knew before 0.4.0 (`peft/utils/config.py`)."""


def find_init(name: str) -> Init | None:
    """Return the method that PEFT selects for a value of `init_lora_weights`."""
    if name.lower() in CASELESS_INITS:
        return INITS[name.lower()]
    if re.fullmatch(NITER, name):
        return INITS["pissa_niter_N"]
    return INITS.get(name) if name != "pissa_niter_N" else None


def tasks_at(release: str) -> tuple[str, ...]:
    """Return the values of `task_type` that a release accepts."""
    return get_args(Task if at_least(release, "0.4.0") else FirstTask)


def inits_at(release: str) -> tuple[str, ...]:
    """Return the names of a release's initialisation methods."""
    return tuple(name for name, init in INITS.items() if at_least(release, init.since))
