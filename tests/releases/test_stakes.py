"""A constraint that is not at stake in a config is not broken in any release."""

from __future__ import annotations

import operator
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from loracfg.config.history.releases import RELEASES
from loracfg.config.model.constraints import (
    CONSTRAINTS,
    LOAD_CONSTRAINTS,
    at_stake,
    staged_conflicts,
)
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.releases.release_reading import _KnownFields
from loracfg.testing.arguments import FIELDS, VARIANTS, Arguments

FEW: Final = st.sets(st.sampled_from(sorted(FIELDS)), max_size=12).flatmap(
    lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in sorted(names)})
)
"""Some fields, whether or not they go together."""


@given(st.builds(operator.or_, FEW, st.sampled_from([{}, *VARIANTS.values()])))
def test_what_is_not_at_stake_is_not_broken(values: Arguments) -> None:
    config = LoraConfig.model_validate(values, context=FIELDS_ONLY)
    everything = (*CONSTRAINTS, *LOAD_CONSTRAINTS)
    for release in RELEASES:
        left: Any = _KnownFields(config, release)
        expected = staged_conflicts(left, release, everything)
        assert staged_conflicts(left, release, at_stake(config)) == expected
