"""Types that the catalogue does not have are derived from the installed library without torch."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup, showing
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS, PACKED, layout_of
from loracfg.base.catalogue.packed import PackedFile
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.from_library import built as transformers
from loracfg.base.from_library import followed as from_library
from loracfg.base.from_library.followed import InstalledLibrary
from loracfg.base.libraries import ClassSources
from loracfg.errors import LoracfgError
from tests.base import novel_library

LLAMA: Final = {"model_type": "llama", "num_hidden_layers": 2}
RELEASE: Final = "transformers 9.0.0"


def facts() -> bytes:
    """Return a facts file with the catalogue's facts about Llama."""
    packed = PackedFile(PACKED).layout(LAYOUTS[0])
    index = {**packed.index, "library": RELEASE}
    text = json.dumps({"index": index, "programs": {"llama": packed.program("llama")}})
    return f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}".encode()


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return the types that processes are started for; each returns the facts about Llama."""
    calls: list[tuple[str, ...]] = []

    def derive(types: tuple[str, ...], library: str) -> bytes:
        assert library == "transformers"
        calls.append(types)
        return facts()

    monkeypatch.setattr(from_library, "_derive", derive)
    return calls


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that installs a release with a few model types."""
    auto = tmp_path / "transformers/models/auto"
    auto.mkdir(parents=True)
    auto.joinpath("configuration_auto.py").write_text('("llama", "Novel"), ("novel", "Novel")')
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(transformers, "unavailable", lambda: "`torch` is not installed")

    def install(name: str) -> None:
        there = InstalledLibrary(name, tmp_path / "transformers")
        monkeypatch.setattr(
            from_library,
            "installed",
            lambda library="transformers": there if library in there.library else None,
        )
        from_library._layout.cache_clear()

    install(RELEASE)
    return install


Install = Callable[[str], None]
Calls = list[tuple[str, ...]]


def kept(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "cache/loracfg/facts").iterdir()
    return file


def build(config: dict[str, Any], name: str, *, isolated: bool = False) -> Architecture:
    return ClassSources(Work(), isolated=isolated).build(config, name)


def test_another_release_is_followed(library: Install, derived: Calls) -> None:
    layout = from_library.layout_for(LLAMA)
    assert layout is not None
    tree = from_library.build(layout, LLAMA, "LlamaForCausalLM")
    assert (tree.source, tree.library) == ("transformers", RELEASE)
    expected = lookup.build(LLAMA, "LlamaForCausalLM")
    assert replace(tree, source="catalogue", renames=expected.renames) == expected
    assert derived == [("llama",)]


def test_facts_are_cached(library: Install, derived: Calls, tmp_path: Path) -> None:
    assert from_library.layout_for(LLAMA) is not None
    first = kept(tmp_path).read_bytes()
    library(RELEASE)
    assert from_library.layout_for(LLAMA) is not None
    assert derived == [("llama",)]
    assert kept(tmp_path).read_bytes() == first
    assert kept(tmp_path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data.replace(b"LlamaModel", b"LlamaMadel", 1),
        lambda data: data + b" " * (from_library.MAX_BYTES + 1 - len(data)),
    ],
)
def test_damaged_facts_are_derived_again(
    damage: Callable[[bytes], bytes], library: Install, derived: Calls, tmp_path: Path
) -> None:
    from_library.layout_for(LLAMA)
    file = kept(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    library(RELEASE)
    assert from_library.layout_for(LLAMA) is not None
    assert derived == [("llama",)] * 2
    assert kept(tmp_path).read_bytes() == whole


def test_the_library_is_followed_again_when_it_changes(
    library: Install, derived: Calls, tmp_path: Path
) -> None:
    from_library.layout_for(LLAMA)
    (tmp_path / "transformers/models/auto/modeling_auto.py").write_text("# new\n")
    from_library._fingerprint.cache_clear()
    library(RELEASE)
    from_library.layout_for(LLAMA)
    assert len(derived) == 2


def test_an_unwritable_cache_folder_is_not_an_error(
    library: Install, derived: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert from_library.layout_for(LLAMA) is not None


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "--out"},
        {"model_type": "nonsense"},
        {"model_type": "configuration_auto.py"},
        {"model_type": "nonsense", "text_config": {"model_type": "llama"}},
        {"model_type": ["llama"]},
        {"_class_name": "FluxTransformer2DModel"},
        {},
    ],
)
def test_no_process_is_started_for_types_that_the_library_does_not_have(
    config: dict[str, Any], library: Install, derived: Calls
) -> None:
    assert from_library.layout_for(config) is None
    assert derived == []


def test_the_release_of_the_catalogue_is_not_followed(library: Install, derived: Calls) -> None:
    library(lookup.library())
    assert from_library.layout_for(LLAMA) is None
    assert from_library.layout_for({"model_type": "novel"}) is not None
    assert derived == [("novel",)]


def test_the_last_transformers_4_is_in_the_catalogue(library: Install, derived: Calls) -> None:
    library(lookup.library(LAYOUTS[1]))
    assert from_library.layout_for(LLAMA) is layout_of(LAYOUTS[1])
    assert derived == []


def test_a_service_starts_no_process(library: Install, derived: Calls) -> None:
    with pytest.raises(CannotBuildError):
        build({"model_type": "novel"}, "NovelModel", isolated=True)
    assert derived == []


def test_classes_that_cannot_be_followed_have_a_reason(library: Install, derived: Calls) -> None:
    with pytest.raises(CannotBuildError) as raised:
        build({**LLAMA, "model_type": "novel"}, "NovelModel")
    assert raised.value.message == (
        f"`NovelModel` of {RELEASE} is not among the classes of the config's model type, "
        "and `torch` is not installed"
    )
    assert raised.value.help.startswith("install `loracfg[torch,transformers]`")


def test_a_failing_process_is_not_an_error(
    library: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_library, "_COMMAND", "loracfg.base.no_such_module")
    assert from_library.layout_for(LLAMA) is None


def test_facts_are_shown(library: Install, derived: Calls) -> None:
    assert from_library.facts("llama") == showing.facts(showing.find("llama"))
    only = from_library.facts("llama", "LlamaModel")
    assert only == showing.facts(showing.find("llama"), "LlamaModel")
    with pytest.raises(LoracfgError, match="is not a class of"):
        from_library.facts("llama", "GPT2Model")
    assert from_library.facts("nonsense") is None


FOLLOW: Final = """
import json, sys
sys.modules["torch"] = None
from loracfg.base.architecture_file import write_architecture
from loracfg.base.catalogue.work import Work
from loracfg.base.libraries import ClassSources
config = json.loads(sys.argv[1])
sources = ClassSources(Work())
names = sources.trusted_classes(config, "CAUSAL_LM") + sources.other_classes(config)
assert names == ["NovelForCausalLM", "NovelModel", "NovelForCausalLM"], names
tree = sources.build(config, sys.argv[2])
assert (tree.source, tree.library) == ("transformers", "transformers 5.99.0"), tree.library
assert not {"transformers", "torch"} & {name for name, module in sys.modules.items() if module}
print(write_architecture(tree, {}))
"""
BUILD: Final = """
import json, sys
from loracfg.base.from_library import built as transformers
from loracfg.base.architecture_file import write_architecture
print(write_architecture(transformers.build(json.loads(sys.argv[1]), sys.argv[2]), {}))
"""


@pytest.mark.slow
def test_a_new_type_equals_what_the_library_builds(tmp_path: Path) -> None:
    """Two processes: one that cannot import torch, and one that builds with it."""
    pytest.importorskip("torch")
    if pytest.importorskip("transformers").__version__.startswith("4"):
        pytest.skip("the type is written for transformers 5")
    novel_library.write(tmp_path)
    root = str(Path(__file__).resolve().parents[2])
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": os.pathsep.join((str(tmp_path), root)),
    }

    def run(code: str, config: dict[str, Any], name: str) -> str:
        command = [sys.executable, "-c", code, json.dumps(config), name]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    for name in ("NovelForCausalLM", "NovelModel"):
        config = {"model_type": "novel", "hidden_size": 6, "has_gate": True, "num_hidden_layers": 3}
        followed = run(FOLLOW, config, name)
        assert "blocks.2.gate" in followed
        assert followed == run(BUILD, config, name)
    assert len(list((tmp_path / "cache/loracfg/facts").iterdir())) == 1


@pytest.mark.slow
@pytest.mark.skipif(from_library.installed(DIFFUSERS) is None, reason="diffusers is not installed")
def test_another_release_of_diffusers_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"_class_name": "FluxTransformer2DModel", "num_layers": 2, "num_single_layers": 1}
    assert from_library.layout_for(config) is None
    expected = lookup.build(config, "FluxTransformer2DModel")
    known = lookup.library
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(
        lookup, "library", lambda one=LAYOUTS[0]: RELEASE if one == DIFFUSERS else known(one)
    )
    layout = from_library.layout_for(config)
    assert layout is not None
    tree = from_library.build(layout, config, "FluxTransformer2DModel")
    assert tree.library == layout.library
    assert replace(tree, source=expected.source, library=None) == expected
    assert from_library.layout_for({"_class_name": "NoSuchModel"}) is None
    isolated = ClassSources(Work(), isolated=True)
    with pytest.raises(CannotBuildError, match="pass the folder"):
        isolated.build({"_class_name": "NoSuchModel"}, "NoSuchModel")
