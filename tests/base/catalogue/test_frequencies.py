"""The numbers of frequencies of rotary positions equal those that the library computes."""

from __future__ import annotations

from typing import Any, Final

import pytest
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from loracfg.base.catalogue.configs.frequencies import WIDEST
from loracfg.base.catalogue.evaluation.refusals import REFUSALS, DeclinedError, RefusedError
from loracfg.base.catalogue.index import layout_of
from tests.base.config_law.library import Installed
from tests.base.law import LAYOUT
from tests.base.records import View

pytestmark = pytest.mark.filterwarnings("ignore")  # warnings of the library

SMALL: Final = {
    "model_type": "cohere",
    "hidden_size": 64,
    "num_attention_heads": 4,
    "max_position_embeddings": 128,
}
LENGTH: Final = "original_max_position_embeddings"
LLAMA3: Final = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, LENGTH: 64}
FACTORS: Final = {"short_factor": [1.0] * 8, "long_factor": [2.0] * 8}
YARN: Final = {"factor": 4.0, LENGTH: 64}

CASES: Final[list[tuple[str, dict[str, Any], dict[str, Any], int | type[Exception]]]] = [
    ("linear", {"factor": 2.0}, {}, 8),
    ("linear", {"factor": "2"}, {}, TypeError),
    ("linear", {"factor": 1 << 63}, {}, DeclinedError),
    ("linear", {"factor": 2.0}, {"head_dim": -8}, RefusedError),
    ("linear", {"factor": 2.0}, {"head_dim": WIDEST * 2}, DeclinedError),
    ("linear", {"factor": 2.0}, {"head_dim": "16"}, DeclinedError),
    ("linear", {"factor": 2.0}, {"head_dim": 7.5}, 4),
    ("dynamic", {"factor": 2.0}, {}, 8),
    ("dynamic", {"factor": 2.0}, {"head_dim": 2}, ZeroDivisionError),
    ("yarn", YARN, {}, 8),
    ("yarn", {**YARN, "mscale": 2.0, "mscale_all_dim": 1.0}, {}, 8),
    ("yarn", {**YARN, "attention_factor": 1.0}, {}, 8),
    ("yarn", {**YARN, "truncate": False}, {}, 8),
    ("yarn", YARN, {"head_dim": 7}, RefusedError),
    ("longrope", {**FACTORS, "factor": 2.0, LENGTH: 64}, {}, 8),
    ("longrope", {**FACTORS, "factor": 2.0, LENGTH: 64}, {"head_dim": 12}, RefusedError),
    ("longrope", {**FACTORS, "short_factor": [[]], "factor": 2.0, LENGTH: 64}, {}, DeclinedError),
    ("llama3", LLAMA3, {}, 8),
    ("llama3", {**LLAMA3, "factor": []}, {}, TypeError),
]
"""Kind, parameters, values of the config, and the number of frequencies or the error."""
CASES_5: Final[list[tuple[str, dict[str, Any], dict[str, Any], int | type[Exception]]]] = [
    ("default", {}, {}, KeyError),
    ("linear", {"factor": 2.0, "rope_theta": "x"}, {}, TypeError),
    ("proportional", {}, {}, 8),
    ("proportional", {"factor": 2.0, "partial_rotary_factor": 0.5}, {}, 8),
    ("proportional", {}, {"head_dim": 7.5}, DeclinedError),
]
CASES_4: Final[list[tuple[str, dict[str, Any], dict[str, Any], int | type[Exception]]]] = [
    ("default", {}, {}, 8),
    ("default", {}, {"rope_theta": "x"}, TypeError),
    ("proportional", {}, {}, KeyError),
    ("yarn", {"factor": 4.0}, {}, 8),
    ("longrope", FACTORS, {LENGTH: 64}, 8),
    ("longrope", {**FACTORS, "factor": 2.0}, {}, 8),
    ("longrope", FACTORS, {}, TypeError),
]


@pytest.mark.parametrize(
    ("layout", "kind", "parameters", "more", "expected"),
    [
        *(("5", *case) for case in (*CASES, *CASES_5)),
        *(("4", *case) for case in (*CASES, *CASES_4)),
    ],
)
def test_the_number_of_frequencies(
    layout: str,
    kind: str,
    parameters: dict[str, Any],
    more: dict[str, Any],
    expected: int | type[Exception],
) -> None:
    library = layout_of(layout).library_configs
    config = library.config(SMALL)
    _change(View(config), layout, kind, parameters, more)
    if isinstance(expected, int):
        assert library.frequencies(config, kind, None) == expected
    else:
        with pytest.raises(expected):
            library.frequencies(config, kind, None)
    if layout != LAYOUT or expected is DeclinedError:
        return
    theirs: Any = Installed().make("cohere", SMALL)
    _change(theirs, layout, kind, parameters, more)
    try:
        counted = len(ROPE_INIT_FUNCTIONS[kind](theirs, "cpu")[0])
    except (*REFUSALS, RuntimeError):
        assert not isinstance(expected, int)
    else:
        assert counted == expected


def _change(
    config: Any, layout: str, kind: str, parameters: dict[str, Any], more: dict[str, Any]
) -> None:
    """Set attributes of a new config, also to values that the class does not accept."""
    if layout == "5":
        config.rope_parameters = {"rope_type": kind, "rope_theta": 1e4, **parameters}
    else:
        config.rope_scaling = {"rope_type": kind, **parameters}
    for name, value in more.items():
        setattr(config, name, value)
