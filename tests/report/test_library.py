"""A report names the library release that a tree from the catalogue belongs to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import loracfg
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.report.parse import parse_report
from tests.cli.running import write_adapter, write_base

NOVEL = {"model_type": "novel", "architectures": ["NovelForCausalLM"]}


def base_of(folder: Path, **config: Any) -> dict[str, Any] | None:
    """Return what the report on an adapter says of a base, whose config has these values too."""
    (folder / "config.json").write_text(
        json.dumps(json.loads((folder / "config.json").read_text()) | config)
    )
    report = loracfg.validate(folder / "adapter", loracfg.Options(base=str(folder)))
    assert parse_report(report.to_dict()).to_dict() == report.to_dict()
    data: Any = report.to_dict()
    found: dict[str, Any] | None = data["adapters"][0]["base"]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_adapter(tmp_path / "adapter")
    return write_base(tmp_path)


def test_transformers(folder: Path) -> None:
    assert base_of(folder) == {
        "source": "catalogue",
        "model_type": "llama",
        "class": "LlamaForCausalLM",
        "library": lookup.library(),
        "config": str(folder),
    }
    assert lookup.library().startswith("transformers 5.")


def test_diffusers(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"_class_name": "FluxTransformer2DModel"}))
    write_adapter(tmp_path / "adapter")
    base = base_of(tmp_path)

    assert base is not None
    assert base["library"] == lookup.library(DIFFUSERS)
    assert lookup.library(DIFFUSERS).startswith("diffusers 0.")


def test_a_checkpoint_is_of_no_release(folder: Path) -> None:
    base = base_of(folder, **NOVEL)

    assert base is not None
    assert base["source"] == "checkpoint"
    assert "library" not in base
