"""The caches of engines: what they keep, and which engines share it."""

from __future__ import annotations

from pathlib import Path

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.base.architecture import Architecture
from loracfg.engine import caches
from loracfg.engine.caches import Caches
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.planning.patterns import PatternBudget, PatternTimeoutError
from loracfg.releases.outcome import Outcome
from loracfg.testing.building.examples import build
from tests.cli.running import write_adapter, write_base
from tests.rules.subjects import config


def parts(*lines: str) -> tuple[Adapter, Architecture | None]:
    files, base = build(lines)
    return read_adapter(files), base


def is_kept(adapter: Adapter, base: Architecture | None) -> bool:
    """Tell whether a planning is kept when it is asked for again."""
    own = Caches()
    first, second, third = (own.planning_for(adapter, base, PatternBudget()) for _ in range(3))
    assert first is not second
    return second is third


def test_equal_inputs_are_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, base = parts()
    assert base
    assert is_kept(adapter, base)
    assert is_kept(adapter, None)
    monkeypatch.setattr(caches, "_MAX_MODULES", len(base.modules))
    assert is_kept(parts(config(r=5))[0], base)
    monkeypatch.setattr(caches, "_MAX_MODULES", len(base.modules) - 1)
    assert not is_kept(parts(config(r=5))[0], base)
    assert is_kept(parts(config(r=5))[0], None)


def test_large_plannings_are_not_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loracfg.adapter.name_table._MAX_KEPT_CHARACTERS", 100)
    adapter, base = parts("tensor a.lora_A.weight F32 [1, 1]")
    assert not adapter.table.is_small
    assert not is_kept(adapter, base)


def test_plannings_keep_no_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, base = parts(
        config(), 'metadata {"key": "value"}', "tensor a.lora_A.weight F32 [1, 1]"
    )
    assert adapter.header
    assert adapter.header.metadata
    assert is_kept(adapter, base)
    monkeypatch.setattr(caches, "_MAX_METADATA", len("keyvalue") - 1)
    assert not is_kept(adapter, base)
    monkeypatch.undo()
    monkeypatch.setattr(caches, "_MAX_CONFIG_BYTES", adapter.files["adapter_config.json"] - 1)
    assert not is_kept(adapter, base)


def test_results_that_ran_out_of_time_are_not_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PatternTimeoutError("(a*)*b", 0.25, is_own=True)

    monkeypatch.setattr("loracfg.analysis.planning.build_plan", fail)
    assert not is_kept(*parts())


def test_the_same_bytes_give_the_same_parts() -> None:
    files, _ = build(())
    kept = Caches().files
    first, second, third = (read_adapter(files, kept=kept) for _ in range(3))
    assert first.header is not second.header
    assert second.header is third.header
    assert second.reading is third.reading


def test_caches_share_nothing() -> None:
    files, _ = build(())
    kept = [Caches().files for _ in range(2)]
    headers = [[read_adapter(files, kept=one).header for _ in range(3)][2] for one in kept]
    assert headers[0] is not headers[1]


def test_outcomes_are_found_once_for_each_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, base = parts()
    found = Caches().planning_for(adapter, base, PatternBudget())
    asked = []

    def outcomes(_: Adapter, writer: str, *__: object) -> dict[str, Outcome]:
        asked.append(writer)
        return {writer: Outcome()}

    monkeypatch.setattr(caches, "loads_in", outcomes)
    for writer in ("0.18.0", "0.6.0", "0.18.0"):
        assert found.outcomes_of(adapter, writer, PatternBudget())[0].keys() == {writer}
    assert asked == ["0.18.0", "0.6.0"]


@pytest.mark.parametrize("keeps_bases", [False, True])
def test_a_base_is_read_again_unless_it_is_kept(tmp_path: Path, keeps_bases: bool) -> None:
    adapter, base = write_adapter(tmp_path / "adapter"), write_base(tmp_path / "base")
    engine = Engine(Options(base=str(base)), caches=Caches(keeps_bases=keeps_bases))
    assert {engine.open(adapter).report.status for _ in range(3)} == {"valid"}
    (base / "config.json").unlink()
    (base / "model.safetensors").unlink()
    assert engine.open(adapter).report.status == ("valid" if keeps_bases else "error")


def test_a_base_that_was_not_found_is_looked_for_again(tmp_path: Path) -> None:
    adapter, base = write_adapter(tmp_path / "adapter"), tmp_path / "base"
    engine = Engine(Options(base=str(base)), caches=Caches(keeps_bases=True))
    assert {engine.open(adapter).report.status for _ in range(3)} == {"error"}
    write_base(base)
    assert engine.open(adapter).report.status == "valid"
