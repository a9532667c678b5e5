"""Keys of one pattern that match the same module."""

from __future__ import annotations

import pytest

from loracfg.rules.meaning.lc326_overlapping_pattern_keys import check
from tests.rules.subjects import config, subject


@pytest.mark.parametrize("field", ["rank_pattern", "alpha_pattern"])
@pytest.mark.parametrize(
    ("values", "first", "second", "count"),
    [
        ({"layers.0.*": 16, "q_proj": 32}, "layers.0.*", "q_proj", 1),
        ({"layers.*": 16, "q_proj": 32}, "layers.*", "q_proj", 2),
        ({"layers.*": 32, "q_proj": 16}, "layers.*", "q_proj", 2),
        ({"layers.*": 16, "q_proj": 16, "self_attn.*": 32}, "layers.*", "self_attn.*", 4),
        ({"layers.0.*": 16, "self_attn.*": 8, "q_proj": 4}, "layers.0.*", "q_proj", 3),
    ],
)
def test_the_first_key_with_a_different_value_is_named(
    field: str, values: dict[str, int], first: str, second: str, count: int
) -> None:
    (found,) = check(subject(config(**{field: values})))
    assert found.message.startswith(f"`{first}` and `{second}` of `{field}` both match `model.lay")
    end = f"`{values[first]}` and `{values[second]}`; PEFT uses the first"
    assert found.message.endswith(f" and give it {end}")
    assert found.count == count
    (related,) = found.related
    assert (found.location.pointer, related.location.pointer) == (
        f"/{field}/{first}",
        f"/{field}/{second}",
    )


@pytest.mark.parametrize(
    "values", [{}, {"q_proj": 16}, {"q_proj": 16, "v_proj": 32}, {"layers.0.*": 16, "q_proj": 16}]
)
def test_keys_that_do_not_overlap_or_agree(values: dict[str, int]) -> None:
    assert list(check(subject(config(rank_pattern=values, alpha_pattern=values)))) == []
