"""Architecture files: what is written is read back equal, and what is broken is one fault."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.architecture_file import MAX_BYTES, MAX_VALUES, read_architecture
from loracfg.base.from_library import built as builder
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.fault import Fault
from tests.base.architecture_cases import SMALL, WRONG, text_of
from tests.base.conftest import Save
from tests.made.make import Made, make
from tests.made.recipes import Recipe
from tests.zoo import CONFIGS

TYPES: Final = sorted(CONFIGS)


def read(text: str | bytes) -> tuple[Architecture | None, list[Fault]]:
    return read_architecture(text if isinstance(text, bytes) else text.encode(), "x.json")


def fault_of(text: str | bytes) -> Fault:
    tree, (fault,) = read(text)
    assert tree is None
    assert fault.kind == "base-architecture"
    assert fault.message.startswith("the architecture file ")
    assert "\n" not in fault.message
    assert len(fault.message) < 250
    assert fault.help
    return fault


@pytest.mark.parametrize("model_type", TYPES)
def test_what_is_written_is_read(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    tree = builder.build(real.config, real.class_name)

    assert read(text_of(tree)) == (tree, [])


def test_every_field_is_written() -> None:
    assert read(text_of()) == (SMALL, [])
    for field in fields(Architecture):
        if (
            field.name == "renames" or not field.compare
        ):  # known to the catalogue alone, or not told
            continue
        assert getattr(SMALL, field.name) != field.default, field.name


def test_the_order_of_modules_and_tensors_is_kept() -> None:
    tree, _ = read(text_of())
    assert tree
    assert list(tree.modules) == list(SMALL.modules)
    assert list(tree.modules["conv"].parameters) == ["weight", "bias"]


def test_the_text_has_a_module_on_each_line_and_nothing_that_is_usual() -> None:
    lines = text_of().splitlines()
    assert '    {"path": "embed", "kind": "Embedding", "class": "Embedding", ' in lines[-6]
    assert lines[-6].endswith('"parameters": {"weight": [9, 4]}},')
    assert sum('"path"' in line for line in lines) == len(SMALL.modules)
    bare = Architecture("transformers", None, "X", {"": Module("", Kind.OTHER, "X")})
    assert '    {"path": "", "kind": "other", "class": "X"}\n' in text_of(bare)
    assert '"aliases": {},' in text_of(bare)


@pytest.mark.parametrize(("text", "message", "pointer"), WRONG, ids=[m for _, m, _ in WRONG])
def test_what_is_wrong_is_said_with_its_place(text: str, message: str, pointer: str | None) -> None:
    fault = fault_of(text)
    assert message in fault.message
    assert fault.location.pointer == pointer


KEY: Final = b'{"architecture_version": 1'

BROKEN: Final[dict[str, tuple[bytes, str]]] = {
    "cut": (text_of().encode()[:200], "is not valid JSON: "),
    "twice": (KEY + b', "tool": 1, "tool": 1}', "has a duplicate key"),
    "nan": (KEY + b', "vocab_size": NaN}', "has `NaN`"),
    "utf-16": (KEY.decode().encode("utf-16"), "is not UTF-8"),
    "not utf-8": (KEY + b', "\xff": 1}', "is not UTF-8"),
    "bom": (b"\xef\xbb\xbf" + KEY + b"}", "is not valid JSON"),
    "deep": (KEY + b', "tied": ' + b"[" * 200_000, "is nested too deeply"),
    "digits": (KEY + b', "vocab_size": ' + b"9" * 5000 + b"}", "a number that is too long"),
    "large": (KEY + b', "tied": "' + b"x" * MAX_BYTES, "has more than"),
    "values": (KEY + b', "tied": [' + b"0," * MAX_VALUES + b"0]}", "has more than"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_json_or_too_much_of_it_is_said(name: str) -> None:
    data, message = BROKEN[name]
    assert message in fault_of(data).message


def test_syntax_errors_have_their_line() -> None:
    region = fault_of(KEY + b',\n "tool": !}').location.region
    assert region
    assert (region.line, region.column) == (2, 10)


@pytest.mark.parametrize("text", ["[]", "3", '{"model_type": "llama"}', '["architecture_version"]'])
def test_other_json_is_none(text: str) -> None:
    assert read(text) == (None, [])


def test_a_config_that_has_the_key_elsewhere_stays_a_config(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"model_type": "novel", "more": {"architecture_version": 2}}')
    found = resolve_base(BaseRequest(str(path)))
    assert found.faults == ()
    assert found.not_checked == ("the model type `novel` is unknown",)


def resolve(tmp_path: Path, tree: Architecture, *paths: str, **more: Any) -> ResolvedBase:
    path = tmp_path / "x.json"
    path.write_text(text_of(tree))
    return resolve_base(BaseRequest(str(path), paths=frozenset(paths), **more))


def named(class_name: str) -> Architecture:
    return replace(SMALL, class_name=class_name)


def test_it_is_the_tree_for_certain(tmp_path: Path) -> None:
    found = resolve(tmp_path, SMALL, "nowhere", task_type="CAUSAL_LM")
    assert (found.architecture, found.certain, found.not_checked) == (SMALL, True, ())
    assert found.name == str(tmp_path / "x.json")
    assert [(fit.class_name, fit.matched) for fit in found.alternatives] == [("Novel", 0)]


@pytest.mark.parametrize(
    ("class_name", "asked", "wanted"),
    [
        ("NovelForCausalLM", {"task_type": "CAUSAL_LM"}, None),
        ("NovelLMHeadModel", {"task_type": "CAUSAL_LM"}, None),
        ("NovelChat", {"task_type": "SEQ_CLS"}, None),
        ("NovelForCausalLM", {"task_type": "SEQ_CLS"}, "SEQ_CLS"),
        ("NovelForSequenceClassification", {"task_type": "CAUSAL_LM"}, "CAUSAL_LM"),
        ("NovelForCausalLM", {"task_type": "FEATURE_EXTRACTION"}, "FEATURE_EXTRACTION"),
        ("NovelModel", {"task_type": "FEATURE_EXTRACTION"}, None),
        ("NovelModel", {"task_type": "CAUSAL_LM"}, None),
        ("NovelModel", {"task_type": "CAUSAL_LM", "paths": "model.conv"}, "CAUSAL_LM"),
        ("NovelModel", {"saved_class": "NovelModel", "paths": "model.conv"}, None),
        ("NovelModel", {"saved_class": "InnerModel"}, "InnerModel"),
        ("NovelModel", {"saved_class": "InnerModel", "class_name": "NovelModel"}, None),
        ("NovelForCausalLM", {"task_type": "SEQ_CLS", "class_name": "NovelForCausalLM"}, None),
    ],
)
def test_an_adapter_for_another_class_is_not_judged_for_certain(
    class_name: str, asked: dict[str, str], wanted: str | None, tmp_path: Path
) -> None:
    more = {key: value for key, value in asked.items() if key != "paths"}
    found = resolve(tmp_path, named(class_name), asked.get("paths", "conv"), **more)
    assert found.architecture == named(class_name)
    assert found.faults == ()
    assert found.certain == (wanted is None)
    if wanted:
        (reason,) = found.not_checked
        assert reason.endswith(f"x.json` describes `{class_name}`, not `{wanted}`")


def test_another_class_that_the_user_names_is_a_fault(tmp_path: Path) -> None:
    found = resolve(tmp_path, SMALL, "conv", class_name="InnerModel")
    assert found.architecture is None
    assert [fault.kind for fault in found.faults] == ["base-class"]
    assert "describes `Novel`, not `InnerModel`" in found.faults[0].message


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize("model_type", TYPES)
@pytest.mark.parametrize("broken", [False, True], ids=["valid", "broken"])
def test_the_report_is_that_of_the_folder(model_type: str, broken: bool, root: Path) -> None:
    targets = ["in_proj", "x_proj"] if model_type == "mamba" else "all-linear"
    made = make(model_type, Recipe({"target_modules": targets}), root, "plain")
    assert isinstance(made, Made)
    config = json.loads((made.base / "config.json").read_text())
    file = root / f"{model_type}.json"
    file.write_text(text_of(builder.build(config, config["architectures"][0])))
    if broken:
        path = made.adapter / "adapter_config.json"
        path.write_text(path.read_text().replace('"r": 4', '"r": 5'))

    reports = []
    for base in (made.base, file):
        report: Any = validate(made.adapter, Options(base=str(base))).to_dict()
        (adapter,) = report["adapters"]
        assert adapter["base"].pop("config") == str(base)
        source = adapter["base"].pop("source")
        adapter["base"].pop("library", None)
        reports.append(report)
        assert adapter["status"] == ("invalid" if broken else "valid")
        assert adapter["not_checked"] == []
    assert source == "transformers"
    assert reports[0] == reports[1]
