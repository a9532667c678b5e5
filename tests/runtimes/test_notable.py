"""Which features of an adapter are never passed over."""

from __future__ import annotations

from typing import Final

from loracfg.runtimes.features import FEATURES, features_of
from tests.runtimes.making import served

NOTABLE: Final = """
    adapter_name_in_names alora alpha_missing alpha_pattern changed_base cut_short embedding_lora
    extra_layers factor_biases head_lora kasa larger_factors layer_replication magnitudes monteclora
    moved_modules no_factors orphan_factor other_ranks other_vocabulary partial_layers
    peft_type_missing pickled prefix_missing rank_pattern regex_targets saved_biases
    saved_embeddings saved_head saved_norms saved_others single_experts smaller_factors
    target_parameters tower_lora trained_tokens unnamed_modules untargeted_layers
    unusable_scale use_bdlora use_dora use_qalora use_rslora
"""
"""What an engine may treat otherwise than PEFT if nobody has looked."""
OF_BASE: Final = {"expert_base", "own_head", "tied_base"}


def test_notable_features_and_those_of_the_base() -> None:
    notable = {name for name, one in FEATURES.items() if one.notable}
    assert notable == set(NOTABLE.split())
    assert notable.isdisjoint(features_of(served()))  # the adapter that examples begin with
    assert {name for name, one in FEATURES.items() if one.of_base} == OF_BASE
