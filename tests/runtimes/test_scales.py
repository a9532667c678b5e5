"""By how much scales differ from PEFT's, by formulas that are made up."""

from __future__ import annotations

from typing import Final

import pytest

from loracfg.runtimes.profile import Formula
from loracfg.runtimes.scales import ScaleRange, factors_of
from tests.runtimes.making import served
from tests.runtimes.test_language import engine

BARE: Final = r"rename ^base_model\.model\. ->"
CONFIG, OWN = Formula("config", "own", False), Formula("own", "config", False)
ALL: Final = Formula("rank", "own", True)
PADDED: Final = Formula("own", "padded", False)
RSLORA: Final = 'made with {"use_rslora": true, "r": 16}'
CASES: Final = [
    (CONFIG, (), (1, 1)),
    (CONFIG, ('made with {"alpha_pattern": {"v_proj": 16}}',), (0.5, 1)),
    (CONFIG, ('made with {"rank_pattern": {"v_proj": 16}}',), (1, 1)),
    (OWN, ('made with {"alpha_pattern": {"v_proj": 16}}',), (1, 1)),
    (OWN, ('made with {"rank_pattern": {"v_proj": 16}}',), (1, 4)),
    (OWN, (RSLORA,), (0.25, 0.25)),
    (Formula("own", "config", True), (RSLORA,), (1, 1)),
    (Formula("own", "config", True), ('made with {"r": 16}',), (1, 1)),
    (ALL, (), (0.5, 0.5)),
    (ALL, ('made with {"lora_alpha": 1, "alpha_pattern": {"v_proj": 4}}',), (1, 4)),
    # what PEFT scales by 0, or by a number that is none, counts as scaled alike
    (ALL, ('made with {"lora_alpha": 0}',), (1, 1)),
    (ALL, ('made with {"lora_alpha": 0, "alpha_pattern": {"v_proj": 16}}',), (0.25, 1)),
    (CONFIG, ('config {"lora_alpha": Infinity}',), (1, 1)),
    # names without the prefix do not tell the module: all share one scale, or none is known
    (ALL, (BARE,), (0.5, 0.5)),
    (ALL, (BARE, 'made with {"lora_alpha": 2}'), (2, 2)),
    (ALL, (BARE, RSLORA), (0.5, 0.5)),
    (ALL, (BARE, 'made with {"rank_pattern": {"v_proj": 16}}'), None),
    (ALL, (BARE, 'made with {"alpha_pattern": {"v_proj": 16}}'), None),
    (ALL, ("config text {",), None),
    (None, (), None),
    # each kind of module is scaled by what the rank of the one before is padded to
    (PADDED, (), (0.5, 1)),
    (PADDED, ('made with {"r": 8}',), (1, 1)),
    (PADDED, ('made with {"r": 9}',), (9 / 16, 1)),
    (PADDED, ('made with {"r": 17}',), (1, 1)),
    (PADDED, ('made with {"target_modules": ["v_proj"]}',), (1, 1)),
    (PADDED, ('made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}',), (0.5, 1)),
    (PADDED, ('made with {"r": 16, "rank_pattern": {"q_proj": 4}}',), (4 / 16, 2)),
]


def test_factors() -> None:
    for formula, lines, factors in CASES:
        runtime = engine(
            formulas=(formula,) if formula else (),
            sets={"ranks": ("8", "16"), "kinds": ("k_proj", "q_proj", "v_proj")},
        )
        found = factors_of(served(*lines), runtime)
        assert found == (None if factors is None else pytest.approx(factors)), lines


def test_factors_in_words() -> None:
    for factors, is_one, words in [
        (ScaleRange(1, 1), True, "its scale is `1` times PEFT's"),
        (ScaleRange(1 - 1e-12, 1 + 1e-12), True, "its scale is `1` times PEFT's"),
        (ScaleRange(0.5, 0.5), False, "its scale is `0.5` times PEFT's"),
        (ScaleRange(0.5, 1), False, "its scales are `0.5` to `1` times PEFT's"),
        (ScaleRange(1, 4 / 3), False, "its scales are `1` to `1.33` times PEFT's"),
    ]:
        assert (factors.is_one, factors.words) == (is_one, words), factors
