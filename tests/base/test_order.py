"""A few of the draws of `tests.base.order`."""

from __future__ import annotations

import pytest

from tests.base.order import differences


@pytest.mark.slow
def test_answers_do_not_depend_on_earlier_ones() -> None:
    assert not differences(100, seed=16)
