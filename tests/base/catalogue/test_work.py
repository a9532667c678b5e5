"""What a request may cost: one budget for all classes that are tried, which share what they can."""

from __future__ import annotations

import pytest

from loracfg.base.builder import CannotBuildError
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.errors import SpentError
from loracfg.base.catalogue.work import Work
from loracfg.base.search import BaseRequest, Search
from loracfg.base.sources import Sources

BERT = {"model_type": "bert", "num_hidden_layers": 2}


def test_the_classes_of_a_type_cost_little_more_than_one() -> None:
    alone, together = Work(), Work()
    lookup.build_anew(BERT, "BertForPreTraining", work=alone)
    for name in lookup.classes("bert"):
        lookup.build_anew(BERT, name, work=together)
    steps = Budget().steps
    assert len(lookup.classes("bert")) >= 8
    assert steps - together.budget.steps < 3 * (steps - alone.budget.steps)


def test_a_budget_that_is_spent_stays_spent() -> None:
    work = Work(Budget(steps=30))
    for name in ("BertModel", "BertForMaskedLM"):
        with pytest.raises(CannotBuildError, match="too long") as caught:
            lookup.build_anew(BERT, name, work=work)
        assert isinstance(caught.value.__cause__, SpentError)


def test_nothing_else_tries_what_costs_too_much() -> None:
    sources = Sources(Work(Budget(steps=30)))
    with pytest.raises(CannotBuildError, match="too long"):
        sources.build({**BERT, "num_hidden_layers": 3}, "BertModel")


def test_a_request_has_one_budget() -> None:
    search = Search(BaseRequest())
    assert search.work is search.work
    assert search.work is not Search(BaseRequest()).work


def test_isolated_requests_run_no_other_library() -> None:
    config = {"model_type": "bert", "hidden_size": 5, "num_attention_heads": 2}
    with pytest.raises(CannotBuildError, match="does not take this config"):
        Sources(Work(), isolated=True).build(config, "BertModel")
    assert Sources(Work(), isolated=True).other_classes({"model_type": "no_such_type"}) == []
