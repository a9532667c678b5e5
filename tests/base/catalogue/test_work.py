"""The budget of a request, which all classes that are tried share."""

from __future__ import annotations

import contextlib
import gc
from typing import Any

import pytest

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import SpentError
from loracfg.base.catalogue.trees.family import Family
from loracfg.base.catalogue.trees.models import ModelBuilder
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import MAX_VALUES, CannotBuildError
from loracfg.base.libraries import ClassSources
from loracfg.base.search import BaseRequest, Search
from loracfg.cache import Cache

BERT = {"model_type": "bert", "num_hidden_layers": 2}


def test_all_classes_of_a_type_cost_little_more_than_one() -> None:
    alone, together = Work(), Work()
    lookup.build_uncached(BERT, "BertForPreTraining", work=alone)
    for name in lookup.classes("bert"):
        lookup.build_uncached(BERT, name, work=together)
    steps = Budget().steps
    assert len(lookup.classes("bert")) >= 8
    assert steps - together.budget.steps < 3 * (steps - alone.budget.steps)


def test_a_spent_budget_stays_spent() -> None:
    work = Work(Budget(steps=30))
    for name in ("BertModel", "BertForMaskedLM"):
        with pytest.raises(CannotBuildError, match="too long") as caught:
            lookup.build_uncached(BERT, name, work=work)
        assert isinstance(caught.value.__cause__, SpentError)


def test_no_other_source_tries_expensive_configs() -> None:
    sources = ClassSources(Work(Budget(steps=30)))
    with pytest.raises(CannotBuildError, match="too long"):
        sources.build({**BERT, "num_hidden_layers": 3}, "BertModel")


def test_a_request_has_one_budget() -> None:
    search = Search(BaseRequest())
    assert search.work is search.work
    assert search.work is not Search(BaseRequest()).work


def test_a_tree_is_built_once_for_a_request() -> None:
    config, work = {**BERT, "vocab_size": 77}, Work()
    tree = lookup.build(config, "BertModel", work=work)
    left = work.budget.modules
    assert lookup.build(config, "BertModel", work=work) is tree
    assert work.budget.modules == left


@pytest.mark.parametrize(
    ("config", "is_kept"),
    [
        ({**BERT, "vocab_size": 78}, True),
        ({**BERT, "num_hidden_layers": 1000}, False),
        ({**BERT, "vocab_size": 79, "own": ["x" * 1000] * 1000}, False),
    ],
    ids=["small", "many modules", "long"],
)
def test_small_trees_are_cached(config: dict[str, Any], is_kept: bool) -> None:
    kept = Cache[Architecture](4)
    trees = [lookup.build(config, "BertModel", work=Work(tree_cache=kept)) for _ in range(3)]
    assert (trees[1] is trees[2]) == is_kept


@pytest.mark.parametrize("layers", [2, 90_000])
def test_objects_are_freed_with_their_request(layers: int) -> None:
    config = {**BERT, "vocab_size": 80, "num_hidden_layers": layers}
    gc.collect()
    gc.disable()  # it would be found later
    try:
        with contextlib.suppress(CannotBuildError):
            ClassSources(Work(), isolated=True).build(config, "BertModel")
        assert not [one for one in gc.get_objects() if type(one) in (ModelBuilder, Family)]
    finally:
        gc.enable()


def test_each_class_declines_a_config_with_too_many_values() -> None:
    config, work = {**BERT, "own": [1] * (MAX_VALUES + 1)}, Work()
    for name in ("BertModel", "BertForMaskedLM"):
        with pytest.raises(CannotBuildError, match=f"more than {MAX_VALUES} values"):
            lookup.build(config, name, work=work)


def test_layers_are_added_up() -> None:
    config = {"model_type": "swin", "depths": [60_000, 60_000]}
    with pytest.raises(CannotBuildError, match="more than 100000 layers, blocks and experts"):
        lookup.build(config, "SwinModel")


def test_a_part_that_is_not_a_config_is_rejected() -> None:
    config = {"model_type": "deepseek_vl", "vision_config": -1}
    with pytest.raises(CannotBuildError, match="rejects this config"):
        lookup.build(config, "DeepseekVLModel", "4")


def test_isolated_requests_run_no_other_library() -> None:
    config = {"model_type": "bert", "hidden_size": 5, "num_attention_heads": 2}
    with pytest.raises(CannotBuildError, match="rejects this config"):
        ClassSources(Work(), isolated=True).build(config, "BertModel")
    assert ClassSources(Work(), isolated=True).other_classes({"model_type": "no_such_type"}) == []
