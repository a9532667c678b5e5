"""The bytes of each kind of layer, by hand; `test_observed.py` has those of the engine."""

from __future__ import annotations

import pytest

from loracfg.errors import LoracfgError
from loracfg.serving.deployment.buffer_bytes import BufferSettings, Bytes, bytes_of
from loracfg.serving.deployment.buffer_layers import BufferLayer, Experts

QKV = BufferLayer(
    "qkv_proj", ("q_proj", "k_proj", "v_proj"), "heads", ((64, 64), (64, 16), (64, 16))
)
FUSED = BufferLayer("qkv_proj", ("qkv_proj",), "heads", ((64, 96),))
ROWS = BufferLayer("o_proj", ("o_proj",), "rows", ((64, 32),))
ROUTER = BufferLayer("gate", ("gate",), "none", ((64, 4),))
EXPERTS = BufferLayer("experts", ("experts",), "experts", experts=Experts(4, 64, 32))
HEAD = BufferLayer("lm_head", ("lm_head",), "head", ((64, 100),))

ONE = BufferSettings(rank=8, heads=8, key_value_heads=2, padding=64)
TWO = ONE._replace(devices=2)
FOUR = ONE._replace(devices=4)


def slot(layer: BufferLayer, settings: BufferSettings) -> int:
    """Return the numbers in a slot, which have two bytes each."""
    return bytes_of([layer], settings).slot // 2


def test_each_matrix_of_a_layer_has_its_own_factors() -> None:
    assert slot(QKV, ONE) == 8 * (3 * 64 + 64 + 16 + 16)


def test_key_value_heads_are_divided_as_far_as_there_are_some() -> None:
    assert slot(QKV, TWO) == 8 * (3 * 64 + 32 + 8 + 8)
    assert slot(QKV, FOUR) == 8 * (3 * 64 + 16 + 8 + 8)  # two heads for four devices


def test_heads_in_one_matrix_are_divided_alike() -> None:
    assert slot(FUSED, ONE) == 8 * (64 + 96)
    assert slot(FUSED, TWO) == 8 * (64 + 48)
    assert slot(FUSED, FOUR) == 8 * (64 + 16 + 8 + 8)


def test_rows_divide_inputs_and_routers_nothing() -> None:
    assert slot(ROWS, TWO) == 8 * (32 + 32)
    assert slot(ROUTER, TWO) == 8 * (64 + 4)


def test_sharded_factors_are_divided_too() -> None:
    sharded = TWO._replace(sharded=True)
    assert slot(QKV, sharded) == 4 * 3 * 64 + 8 * (32 + 8 + 8)
    assert slot(ROWS, sharded) == 8 * (32 + 16)
    assert slot(ROUTER, sharded) == 8 * (64 + 4)


@pytest.mark.parametrize(
    ("settings", "numbers"),
    [
        (ONE, 4 * 8 * (2 * 64 + 2 * 32 + 32 + 64)),
        (TWO, 4 * 8 * (2 * 64 + 2 * 16 + 16 + 64)),
        (ONE._replace(joins_experts=True), 4 * 8 * (64 + 2 * 32 + 32 + 64)),
        (ONE._replace(shares_experts=True), 8 * (2 * 64 + 4 * 2 * 32 + 4 * 32 + 64)),
    ],
)
def test_experts(settings: BufferSettings, numbers: int) -> None:
    assert bytes_of([EXPERTS], settings) == Bytes(2 * numbers + 4, 4)  # and a switch


def test_table_of_a_divided_vocabulary_is_there_once() -> None:
    numbers = 8 * (64 + 100)
    assert bytes_of([HEAD], ONE) == Bytes(2 * numbers, 0)
    assert bytes_of([HEAD], TWO) == Bytes(2 * numbers, 8 * 128)
    assert bytes_of([HEAD], TWO).of(3) == 6 * numbers + 8 * 128


def test_wider_numbers_take_more() -> None:
    assert bytes_of([QKV, ROWS], ONE._replace(item=4)).slot == 2 * bytes_of([QKV, ROWS], ONE).slot


@pytest.mark.parametrize(
    ("layer", "settings", "message"),
    [
        (ROWS, ONE._replace(devices=3), "the 64 inputs of `o_proj` over 3 devices"),
        (QKV, ONE._replace(devices=16), "the 8 heads of `q_proj` over 16 devices"),
        (QKV, ONE._replace(devices=3), "the 2 key-value heads of `q_proj` over 3 devices"),
        (EXPERTS, ONE._replace(devices=5), "the 32 inner features of `experts` over 5 devices"),
        (QKV, TWO._replace(sharded=True, rank=1), "the 1 rank of `q_proj` over 2 devices"),
    ],
)
def test_what_cannot_be_divided_is_named(
    layer: BufferLayer, settings: BufferSettings, message: str
) -> None:
    with pytest.raises(LoracfgError, match=message):
        bytes_of([layer], settings)


def test_unknown_heads_are_only_asked_for_if_they_are_divided() -> None:
    unknown = ONE._replace(heads=None, key_value_heads=None)
    assert slot(QKV, unknown) == slot(QKV, ONE)
    with pytest.raises(LoracfgError, match="does not say how `q_proj` is divided"):
        bytes_of([QKV], unknown._replace(devices=2))
