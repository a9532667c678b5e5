"""Properties of migrations between any two releases."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis import assume, given

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import Affects
from loracfg.config.history.derived_models import fields_at, model_at
from loracfg.config.history.releases import at_least, between
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.adapted_layers import LayerScaling, layers, matching, same_scaling
from loracfg.releases.migration.migrated_config import Loss
from loracfg.releases.migration.migration import Migration, plan_migration
from loracfg.testing.memory_files import MemoryFiles
from tests.releases.drawing import RELEASES, Drawn, config_of, drawn_adapters

OF_LAYERS: Final = {
    "r",
    "lora_alpha",
    "target_modules",
    "exclude_modules",
    "layers_to_transform",
    "layers_pattern",
    "rank_pattern",
    "alpha_pattern",
    "use_rslora",
}
"""Fields that are compared by what they give the layers."""


def migrated(drawn: Adapter, migration: Migration) -> Adapter:
    """Return the adapter with the new config and its old weights."""
    contents = {"adapter_config.json": migration.after.encode()}
    found = read_adapter(MemoryFiles(contents))
    return found._replace(header=drawn.header, weights=drawn.weights)


def is_lossless(migration: Migration) -> bool:
    return not (migration.of(Loss.LOSSY) or migration.of(Loss.IMPOSSIBLE))


def meaning(adapter: Adapter, release: str) -> tuple[dict[str, LayerScaling], dict[str, Any]]:
    """Return what a release gives the layers of the weights, and its other fields that count."""
    assert adapter.document is not None
    values = adapter.document.value
    fields = fields_at(release)
    whole = with_defaults(adapter, release)  # of nested configs too
    others = {
        key: whole[key] if values.get(key) else values.get(key, whole[key])
        for key, info in fields.items()
        if key not in OF_LAYERS and notes(info, Affects) == [Affects.RESULT]
    }
    # The saved factors replace what the initialisation made, unless it changes the base.
    others["init_lora_weights"] = others.get("init_lora_weights") in (
        "pissa",
        "pissa_niter_4",
        "olora",
        "corda",
        "loftq",
    )
    others.pop("task_type", None)  # only picks the class that wraps the model
    others = {key: value for key, value in others.items() if value}
    paths = adapter.table.adapted_paths
    found = layers(config_of(values), matching(release), paths, PatternBudget()) if paths else {}
    return {path: found[path] for path in paths if path in found}, others


def assert_same(one: Adapter, release: str, other: Adapter, other_release: str) -> None:
    (layers_1, others_1), (layers_2, others_2) = (
        meaning(one, release),
        meaning(other, other_release),
    )
    assert layers_1.keys() == layers_2.keys()
    for path, layer in layers_1.items():
        assert layer.rank == layers_2[path].rank, path
        assert same_scaling(layer, layers_2[path]), path
    assert others_1 == others_2


@given(drawn_adapters())
def test_a_release_keeps_its_own_files(drawn: Drawn) -> None:
    migration = plan_migration(drawn.adapter, drawn.release, drawn.release)
    assert migration.after == migration.before
    assert migration.steps == ()


@given(drawn_adapters(), RELEASES)
def test_the_target_accepts_what_is_possible(drawn: Drawn, target: str) -> None:
    migration = plan_migration(drawn.adapter, target, drawn.release)
    assume(not migration.of(Loss.IMPOSSIBLE))
    model_at(target).model_validate_json(migration.after)


@given(drawn_adapters(), RELEASES)
def test_lossless_migrations_keep_the_meaning(drawn: Drawn, target: str) -> None:
    migration = plan_migration(drawn.adapter, target, drawn.release)
    assume(is_lossless(migration))
    assert_same(drawn.adapter, drawn.release, migrated(drawn.adapter, migration), target)


@given(drawn_adapters(), RELEASES, RELEASES)
def test_the_way_does_not_matter(drawn: Drawn, between_them: str, target: str) -> None:
    straight = plan_migration(drawn.adapter, target, drawn.release)
    first = plan_migration(drawn.adapter, between_them, drawn.release)
    halfway = migrated(drawn.adapter, first)
    second = plan_migration(halfway, target, between_them)
    assume(all(is_lossless(migration) for migration in (straight, first, second)))
    one, other = migrated(drawn.adapter, straight), migrated(halfway, second)
    assert_same(one, target, other, target)
    if only_drops_unused(first, drawn.values):
        assert with_defaults(other, target) == with_defaults(one, target)


@given(drawn_adapters(), RELEASES)
def test_migrating_there_and_back_changes_nothing(drawn: Drawn, target: str) -> None:
    there = plan_migration(drawn.adapter, target, drawn.release)
    assume(is_lossless(there))
    halfway = migrated(drawn.adapter, there)
    back = plan_migration(halfway, drawn.release, target)
    if drawn.values.get("fan_in_fan_out") and not at_least(drawn.release, "0.3.0"):
        # Since 0.3.0 the flag tells of `Conv1D`, which 0.1 and 0.2 do not adapt; there it does not.
        assume(is_lossless(back))
    assert is_lossless(back)
    home = migrated(halfway, back)
    assert_same(drawn.adapter, drawn.release, home, drawn.release)
    # An empty list stands for no layer before 0.8.0, and for all since.
    says_the_same = drawn.values.get("layers_to_transform") != []
    if says_the_same and only_drops_unused(there, drawn.values):
        assert with_defaults(home, drawn.release) == with_defaults(drawn.adapter, drawn.release)


def only_drops_unused(migration: Migration, values: dict[str, Any]) -> bool:
    """Tell whether all steps remove keys at their default, or name the release."""
    removed = [step for step in migration.steps if step.pointer != "/peft_version"]
    keys = [step.pointer.removeprefix("/") for step in removed]
    return all("remove" in step.to_dict() for step in removed) and all(
        values[key] == FIELDS[key].get_default(call_default_factory=True)
        for key in keys
        if key in values
    )


def with_defaults(adapter: Adapter, release: str) -> dict[str, Any]:
    assert adapter.document is not None
    values = json.dumps(adapter.document.value)
    data = model_at(release).model_validate_json(values).model_dump(mode="json")
    return {key: value for key, value in data.items() if key != "peft_version"}


@given(drawn_adapters(), RELEASES)
def test_the_adapter_does_not_change(drawn: Drawn, target: str) -> None:
    assert drawn.adapter.document is not None
    before, text = deepcopy(drawn.adapter.document.value), drawn.adapter.document.text
    migration = plan_migration(drawn.adapter, target, drawn.release)
    assert drawn.adapter.document.value == before
    assert drawn.adapter.document.text == migration.before == text


@pytest.mark.parametrize("target", between("0.1.0"))
@given(drawn=drawn_adapters(weights=False))
def test_every_release_can_be_written_for(drawn: Drawn, target: str) -> None:
    json.loads(plan_migration(drawn.adapter, target, drawn.release).after)
