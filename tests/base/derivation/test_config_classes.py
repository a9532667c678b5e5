"""Config classes with odd constructors equal those of the library, or have a reason."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from huggingface_hub.errors import StrictDataclassError

from loracfg.base.catalogue.configs.config_library import ConfigLibrary
from loracfg.base.catalogue.evaluation.refusals import REFUSALS, DeclinedError, RefusedError
from loracfg.base.derivation.configs.config_facts import ConfigFacts, FactsSource, config_facts
from loracfg.base.derivation.source.library import Library
from loracfg.base.derivation.source.repository import Repository
from loracfg.base.derivation.source.transcript import transcribed
from tests.base.config_law.comparison import difference, plain
from tests.base.derivation.config_classes import DECLINED, FOLLOWED, PARTLY, RAISING, Odd, module
from tests.base.law import LAYOUT
from tests.base.own_code import imported

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(LAYOUT != "5", reason="the classes are written for transformers 5"),
]


class Derived(NamedTuple):
    """The facts about the classes, and the module that defines them."""

    facts: ConfigFacts
    library: ConfigLibrary
    real: Any


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Derived]:
    folder: Path = tmp_path_factory.mktemp("code") / "odd_configs"
    folder.mkdir()
    (folder / "modeling_odd.py").write_text(module())
    named = {"AutoConfig": "modeling_odd.AllConfig", "AutoModel": "modeling_odd.OddModel"}
    repository = Repository(folder, "odd", named)
    with transcribed(Library("transformers", repository=repository), ["odd"]) as package:
        facts = config_facts(package, ["odd"])
    with imported(folder):
        real = importlib.import_module("odd_configs.modeling_odd")
        yield Derived(facts, ConfigLibrary(FactsSource(facts)), real)


def name_of(one: Odd) -> str:
    return one.name


@pytest.mark.parametrize("odd", FOLLOWED, ids=name_of)
def test_configs_equal_those_of_the_library(odd: Odd, derived: Derived) -> None:
    assert {key for key in derived.facts.reasons if key.startswith(f"{odd.name}.")} == set()
    for values in odd.values:
        try:
            wanted = getattr(derived.real, odd.name)(**copy.deepcopy(values))
        except (*REFUSALS, StrictDataclassError):
            with pytest.raises(RefusedError):
                derived.library.config(values, odd.name)
        else:
            found = derived.library.config(values, odd.name)
            assert difference(plain(found), plain(wanted)) is None, values


@pytest.mark.parametrize("odd", RAISING, ids=name_of)
def test_classes_that_raise_are_refused(odd: Odd, derived: Derived) -> None:
    for values in odd.values:
        with pytest.raises((TypeError, AttributeError)):
            getattr(derived.real, odd.name)(**values)
        with pytest.raises(RefusedError):
            derived.library.config(values, odd.name)


@pytest.mark.parametrize(("odd", "reason"), DECLINED, ids=[one.name for one, _ in DECLINED])
def test_other_classes_have_a_reason(odd: Odd, reason: str, derived: Derived) -> None:
    found = [why for key, why in derived.facts.reasons.items() if key.startswith(f"{odd.name}.")]
    assert [reason in why for why in found] == [True], found
    with pytest.raises(DeclinedError) as caught:
        derived.library.config({}, odd.name)
    assert reason in caught.value.message


@pytest.mark.parametrize("odd", PARTLY, ids=name_of)
def test_branches_that_are_not_followed_are_declined(odd: Odd, derived: Derived) -> None:
    with pytest.raises(DeclinedError, match="what the library does unless"):
        derived.library.config({}, odd.name)
    found = derived.library.config({"a": None}, odd.name)
    assert difference(plain(found), plain(getattr(derived.real, odd.name)(a=None))) is None
