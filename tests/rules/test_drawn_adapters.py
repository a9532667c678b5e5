"""Drawn adapters fit their base, and rules find drawn defects."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.adapter.directory import read_adapter
from loracfg.base.search import ResolvedBase
from loracfg.config.history.derived_models import model_at
from loracfg.config.history.releases import between
from loracfg.engine.engine import Engine
from loracfg.report.report import AdapterReport
from loracfg.rules.choice import choice_of
from loracfg.testing import (
    DrawnAdapter,
    adapters,
    architectures,
    config_values,
    spoilt_adapters,
)

EVERYTHING = choice_of((), ())
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]


def judged(drawn: DrawnAdapter) -> AdapterReport:
    return Engine().open_read(read_adapter(drawn.files), ResolvedBase(drawn.base)).report


@settings(deadline=None, suppress_health_check=SLOW)
@given(adapters())
def test_drawn_adapters_are_valid(drawn: DrawnAdapter) -> None:
    report = judged(drawn)
    assert report.status == "valid", report.diagnostics
    assert report.coverage.applied == report.coverage.expected == report.coverage.tensors


@pytest.mark.slow
@settings(deadline=None, max_examples=settings().max_examples * 2, suppress_health_check=SLOW)
@given(spoilt_adapters())
def test_drawn_defects_are_found(drawn: DrawnAdapter) -> None:
    assert drawn.defect is not None
    codes = {diagnostic.code for diagnostic in judged(drawn).diagnostics}
    assert drawn.defect.code in codes, (drawn.defect.name, codes)


@pytest.mark.parametrize("name", ["rank-off", "a-without-b", "prefix-missing"])
@settings(deadline=None, max_examples=5, suppress_health_check=SLOW)
@given(st.data())
def test_one_named_defect(name: str, data: st.DataObject) -> None:
    drawn = data.draw(spoilt_adapters(name))
    assert drawn.defect is not None
    assert drawn.defect.name == name


@settings(deadline=None)
@given(st.data())
def test_drawn_values_are_valid_in_their_release(data: st.DataObject) -> None:
    release = data.draw(st.sampled_from(between("0.1.0")))
    model_at(release).model_validate(data.draw(config_values(release)))


@settings(deadline=None)
@given(architectures())
def test_drawn_trees_have_their_embeddings_and_tied_modules(base: object) -> None:
    from loracfg.base.architecture import Architecture

    assert isinstance(base, Architecture)
    assert base.find(base.input_embeddings or "") is not None
    assert all(base.find(path) is not None for path in base.tied)
