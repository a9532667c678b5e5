"""Layers register the same as torch's, whichever arguments come from the config."""

from __future__ import annotations

import inspect
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn as real

from loracfg.base.derivation.stand_ins.nn import nn
from tests.base.derivation.stand_ins.oracle import Values, agree

ODD: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [0, -1, -3, None, True, False, 2.0, 0.5, "2", "", (2,), [2, 3], (), {}, 2**40, 10**30]
)
SIZE: Final = st.integers(1, 6) | st.sampled_from([4, 8, 12])
FLAG: Final = st.booleans() | st.sampled_from([None, 0, 1, "", "no", 0.5, [], [0]])
RATE: Final = st.sampled_from([0, 0.0, 0.1, 1, 1.0]) | ODD
KERNEL: Final = (
    st.integers(1, 4) | st.lists(SIZE, max_size=4) | st.lists(SIZE, max_size=4).map(tuple)
)
EPS: Final = st.sampled_from([1e-5, 0, None, "small"])
KNOWN: Final = st.lists(st.booleans(), min_size=1, max_size=8)

CONVOLUTION: Final = {
    "in_channels": SIZE,
    "out_channels": SIZE,
    "kernel_size": KERNEL,
    "stride": KERNEL,
    "padding": KERNEL | st.sampled_from(["same", "valid", "full"]),
    "dilation": KERNEL,
    "groups": st.integers(1, 4),
    "bias": FLAG,
    "padding_mode": st.sampled_from(["zeros", "reflect", "replicate", "circular", "none", None]),
}
NORMALISED: Final = {
    "num_features": SIZE,
    "eps": EPS,
    "momentum": EPS,
    "affine": FLAG,
    "track_running_stats": FLAG,
}
RECURRENT: Final = {
    "input_size": SIZE,
    "hidden_size": SIZE,
    "num_layers": st.integers(1, 3),
    "bias": FLAG,
    "batch_first": FLAG,
    "dropout": RATE,
    "bidirectional": FLAG,
    "proj_size": st.integers(0, 3),
}
CELL: Final = {"input_size": SIZE, "hidden_size": SIZE, "bias": FLAG}
SHAPE: Final = SIZE | st.lists(SIZE, max_size=3) | st.lists(SIZE, max_size=3).map(tuple)
DROPOUT: Final = {"p": RATE, "inplace": FLAG}

LAYERS: Final[dict[str, dict[str, st.SearchStrategy[Any]]]] = {
    "Linear": {"in_features": SIZE, "out_features": SIZE, "bias": FLAG},
    "Bilinear": {"in1_features": SIZE, "in2_features": SIZE, "out_features": SIZE, "bias": FLAG},
    "Embedding": {
        "num_embeddings": SIZE,
        "embedding_dim": SIZE,
        "padding_idx": st.none() | st.integers(-8, 8),
        "max_norm": EPS,
        "scale_grad_by_freq": FLAG,
        "sparse": FLAG,
    },
    "PReLU": {"num_parameters": SIZE, "init": st.just(0.25)},
    **dict.fromkeys(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d"), DROPOUT),
    "LayerNorm": {
        "normalized_shape": SHAPE,
        "eps": EPS,
        "elementwise_affine": FLAG,
        "bias": FLAG,
    },
    "RMSNorm": {"normalized_shape": SHAPE, "eps": EPS, "elementwise_affine": FLAG},
    "GroupNorm": {"num_groups": SIZE, "num_channels": SIZE, "eps": EPS, "affine": FLAG},
    **dict.fromkeys(
        (
            "BatchNorm1d",
            "BatchNorm2d",
            "BatchNorm3d",
            "SyncBatchNorm",
            "InstanceNorm1d",
            "InstanceNorm2d",
        ),
        NORMALISED,
    ),
    "MultiheadAttention": {
        "embed_dim": SIZE,
        "num_heads": st.integers(1, 4),
        "dropout": RATE,
        "bias": FLAG,
        "add_bias_kv": FLAG,
        "add_zero_attn": FLAG,
        "kdim": st.none() | SIZE,
        "vdim": st.none() | SIZE,
        "batch_first": FLAG,
    },
    **dict.fromkeys(("RNN", "GRU", "LSTM"), RECURRENT),
    **dict.fromkeys(("GRUCell", "LSTMCell"), CELL),
    **dict.fromkeys(("Conv1d", "Conv2d", "Conv3d"), CONVOLUTION),
    **dict.fromkeys(
        ("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"),
        CONVOLUTION | {"padding": KERNEL, "output_padding": KERNEL},
    ),
}

USUAL: Final[dict[str, dict[str, Any]]] = {
    "Linear": {"in_features": 2, "out_features": 3, "bias": False},
    "Bilinear": {"in1_features": 2, "in2_features": 3, "out_features": 4},
    "Embedding": {"num_embeddings": 5, "embedding_dim": 3, "padding_idx": 4},
    "PReLU": {"num_parameters": 3},
    **{key: {"p": 0.1} for key in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d")},
    "LayerNorm": {"normalized_shape": 3, "eps": 1e-6, "bias": False},
    "RMSNorm": {"normalized_shape": 3},
    "GroupNorm": {"num_groups": 2, "num_channels": 6},
    **{key: {"num_features": 3} for key in ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")},
    **{key: {"num_features": 3} for key in ("SyncBatchNorm", "InstanceNorm1d", "InstanceNorm2d")},
    "MultiheadAttention": {"embed_dim": 6, "num_heads": 2, "bias": False},
    **{key: {"input_size": 2, "hidden_size": 3} for key in ("RNN", "GRU", "LSTM")},
    **{key: {"input_size": 2, "hidden_size": 3} for key in ("GRUCell", "LSTMCell")},
    **{
        f"Conv{kind}{dims}d": {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "groups": 2}
        for kind in ("", "Transpose")
        for dims in (1, 2, 3)
    },
}
"""The usual arguments of each layer."""

CONTAINERS: Final = frozenset(
    ("Module", "ModuleList", "Sequential", "ModuleDict", "ParameterList", "ParameterDict")
)
STAND_INS: Final[dict[str, Any]] = vars(nn)
PLAIN: Final = sorted(
    {
        name
        for name, value in STAND_INS.items()
        if isinstance(value, type)
        and issubclass(value, STAND_INS["Module"])
        and hasattr(real, name)
    }
    - set(LAYERS)
    - CONTAINERS
    - {"Unflatten", "UpsamplingNearest2d"}
)


@st.composite
def arguments(draw: st.DrawFn, name: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Draw the arguments of a layer; in one of three draws, one is odd, or there is one more."""
    kinds = LAYERS[name]
    needed = [key for key, kind in kinds.items() if kind in (SIZE, SHAPE)] or ["p"]
    if name.startswith("Conv"):
        needed.append("kernel_size")
    given = [key for key in kinds if key in needed or draw(st.integers(0, 3)) == 0]
    values = {key: draw(kinds[key]) for key in given}
    match draw(st.integers(0, 5)):
        case 0:
            values[draw(st.sampled_from(given))] = draw(ODD)
        case 1:
            values[draw(st.sampled_from(given))] = draw(ODD)
            values[draw(st.sampled_from(given))] = draw(ODD)
        case 2:
            del values[draw(st.sampled_from(given))]
    if type(values.get("num_layers")) is int:
        values["num_layers"] = min(values["num_layers"], 3)  # torch would create all of them
    first = draw(st.integers(0, 3))
    leading: list[Any] = []
    for key in list(kinds)[:first]:
        if key not in values:
            break
        leading.append(values.pop(key))
    return tuple(leading), values


@pytest.mark.parametrize("name", LAYERS)
@given(data=st.data())
@settings(deadline=None)
def test_a_layer_registers_the_same_as_in_torch(name: str, data: st.DataObject) -> None:
    values, keywords = data.draw(arguments(name))
    made = Values()
    call = made.call(f"nn.{name}", values, keywords, data.draw(KNOWN))
    agree(f"self.layer = {call}", made.config)


@pytest.mark.parametrize("name", LAYERS)
def test_common_layers_are_known(name: str) -> None:
    made = Values()
    assert agree(f"self.layer = {made.call(f'nn.{name}', (), USUAL[name], [False])}", made.config)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_rejects_unknown_names(name: str) -> None:
    made = Values()
    call = made.call(f"nn.{name}", (), USUAL[name] | {"of_no_layer": 1}, [False])
    assert not agree(f"self.layer = {call}", made.config)


@st.composite
def accepted(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Draw values for parameters of a class of torch."""
    found = inspect.signature(getattr(real, name)).parameters.values()
    return {
        one.name: draw(RATE if one.name == "scale_factor" else SIZE | RATE | KERNEL)
        for one in found
        if one.kind is one.POSITIONAL_OR_KEYWORD
        and (one.default is one.empty or draw(st.integers(0, 3)) == 0)
    }


@pytest.mark.parametrize("name", PLAIN)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_other_layers_register_nothing(name: str, data: st.DataObject) -> None:
    made = Values()
    call = made.call(f"nn.{name}", (), data.draw(accepted(name)), data.draw(KNOWN))
    agree(f"self.layer = {call}", made.config)
