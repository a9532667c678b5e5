"""Broken or hostile input always gets an answer without a traceback, and never changes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loracfg.config.history.all_fields import FIELDS
from loracfg.config.history.releases import PEFT_RELEASE, between
from loracfg.report.formats import FORMATS
from loracfg.testing.building.examples import build
from loracfg.testing.memory_files import with_header
from tests.cli.running import (
    BASE_CONFIG,
    Outcome,
    call,
    check_answer,
    hashes,
    run,
    write_adapter,
    write_base,
)

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = "adapter_model.safetensors"
PLAIN: Final[dict[str, Any]] = json.loads(build(())[0].contents[CONFIG])

drawn = settings(
    max_examples=max(25, settings().max_examples // 2),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def plain_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("hostile") / "base")


def judged(files: dict[str, bytes], base: Path, format_name: str = "text") -> Outcome:
    """Validate files of an adapter against a base, check the answer and that nothing changed."""
    with TemporaryDirectory() as name:
        folder = write_adapter(Path(name))
        for file, data in files.items():
            (folder / file).write_bytes(data)
        before = hashes(folder)
        outcome = call("validate", folder, "--base", base, "--format", format_name, "--strict")
        assert hashes(folder) == before
    check_answer(outcome)
    if format_name in ("json", "sarif", "gitlab"):
        json.loads(outcome.out)
    return outcome


SCALARS: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 10**30, 10**400, 1e308, 1e-320, 0.5, 2**63]),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [
            "q_proj",
            ".*",
            "(",
            "(a+)+$",
            "\\",
            "[",
            "(?P<idx>x)",
            "\x1b[31m",
            "\x00",
            "\u202e",
            "LORA",
            "all-linear",
            "pissa_niter_",
            "../../x",
            "a" * 3000,
            "(" * 3000,
            "(?i)[a-z]" * 300,
        ]
    ),
)
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=5), st.sampled_from(list(PLAIN))), inner),
    ),
    max_leaves=6,
)
KEYS: Final = st.sampled_from(sorted(PLAIN.keys() - {"layer_replication"}))
"""Keys to give any values; ranges of layers are tried where memory is bounded."""


def texts(value: Any) -> bytes:
    """Return JSON, with lone surrogates escaped."""
    return json.dumps(value).encode()


@pytest.mark.slow
@drawn
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.sampled_from([*FORMATS]))
@example({"rank_pattern": {"q_proj": 10**400}, "use_rslora": True}, "json")
@example({"r": 10**400}, "json")
@example({"lora_alpha": 10**400}, "json")
@example({"modules_to_save": ["(" * 3000]}, "text")
@example({"target_modules": "(a|a|a|a|a|a)*!" * 9}, "text")
@example({"target_modules": ["a"] * 30000}, "text")
@example({"rank_pattern": {f".*({i}|.)*x": 3 for i in range(2000)}}, "text")
@example({"trainable_token_indices": [10**30]}, "text")
@example({"trainable_token_indices": {"": [1]}}, "text")
@example({"modules_to_save": [""]}, "text")
@example({"target_modules": [""], "exclude_modules": ""}, "text")
@example({"base_model_name_or_path": "a\x00b"}, "sarif")
@example(
    {"ensure_weight_tying": True, "modules_to_save": [r"(\w|\w|\w)*!", "embed_tokens"]}, "text"
)
@example({"bias": "all", "task_type": "SEQ_CLS", "modules_to_save": ["model", "lm_head"]}, "text")
@example({"auto_mapping": {"base_model_class": "../x"}}, "text")
def test_any_values(plain_base: Path, changes: dict[str, Any], format_name: str) -> None:
    judged({CONFIG: texts(PLAIN | changes)}, plain_base, format_name)


@drawn
@given(
    st.dictionaries(st.sampled_from(sorted(FIELDS)), VALUES, min_size=1, max_size=4),
    st.sampled_from(between("0.1.0")),
    st.sampled_from(between("0.1.0")),
)
@example({"rank_pattern": {"q_proj": 10**400}, "use_rslora": True}, PEFT_RELEASE, "0.5.0")
@example({"alpha_pattern": {"(a+)+$": 10**400}}, "0.14.0", "0.15.0")
@example({"layers_pattern": ["("], "layers_to_transform": 0}, "0.6.0", "0.20.0")
def test_any_values_migrate(changes: dict[str, Any], source: str, target: str) -> None:
    with TemporaryDirectory() as name:
        folder = write_adapter(Path(name))
        (folder / CONFIG).write_bytes(texts(PLAIN | changes))
        before = hashes(folder)
        outcome = call("migrate", folder, "--to", target, "--from", source, "--format", "json")
        assert hashes(folder) == before
    assert "internal error" not in outcome.err
    assert all(char.isprintable() or char == "\n" for char in outcome.err)
    if outcome.status == 2:
        assert outcome.err.startswith("loracfg: ")
    else:
        json.loads(json.loads(outcome.out)["config"])


def bound_memory() -> None:
    """Let the process have two thousand million bytes."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))


@pytest.mark.skipif(os.name != "posix", reason="memory cannot be bounded here")
@pytest.mark.parametrize(
    "ranges",
    [
        [[0, 10**18]],
        [[-(10**18), 10**18]],
        [[0, 10**400]],
        [[0, 2]] * 20_000,
        [[0, 2_000_000]] * 20,
        [[2, 0]],
    ],
    ids=["long", "negative", "huge", "many", "many-long", "backwards"],
)
def test_ranges_of_very_many_layers(tmp_path: Path, base: Path, ranges: list[list[int]]) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    (adapter / CONFIG).write_bytes(texts(PLAIN | {"layer_replication": ranges}))
    outcome = run("validate", adapter, "--base", base, preexec_fn=bound_memory)
    check_answer(outcome)
    assert outcome.status == 1


@drawn
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")),
        VALUES.map(texts),
    )
)
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"{" + b'"r": 8,' * 100_000 + b'"r": 8}')
@example(b"\xff\xfe{\x00}\x00")
@example(b"\xef\xbb\xbf{}")
@example(b'{"r": ' + b"9" * 100_000 + b"}")
@example(b'{"\\ud800": "\\udfff", "peft_type": "LORA"}')
@example(b'{"peft_type": "LORA", "\\u001b[2J": 1}')
@example(b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
@example(b"")
def test_any_bytes_as_config(plain_base: Path, data: bytes) -> None:
    judged({CONFIG: data}, plain_base)


STEPS: Final = (
    *("base_model", "model", "layers", "0", "self_attn", "q_proj", "lora_A", "lora_B", "weight"),
    *("bias", "default", "base_layer", "modules_to_save", "experts", "lora_embedding_A"),
    *("lora_magnitude_vector", "token_adapter", "", "\ud800", "\n", "9" * 5000),
)
NAMES: Final = st.one_of(
    st.text(max_size=10), st.lists(st.sampled_from(STEPS), max_size=10).map(".".join)
)
ENTRIES: Final = st.one_of(
    VALUES,
    st.fixed_dictionaries(
        {
            "dtype": st.sampled_from(["F32", "BF16", "I8", "F4", "C64", "f32", "", None, 3]),
            "shape": st.lists(st.sampled_from([0, 1, 4, 16, -1, 2**63, 10**30, 1.5]), max_size=4),
            "data_offsets": st.lists(st.sampled_from([0, 4, 64, -1, 2**64, None]), max_size=3),
        }
    ),
)


def spread(names: dict[str, list[int]]) -> bytes:
    """Return a weight file of tensors of these names and shapes, in good order."""
    header: dict[str, Any] = {}
    end = 0
    for name, shape in names.items():
        size = 4
        for length in shape:
            size *= length
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    return with_header(json.dumps(header).encode()) + bytes(end)


@drawn
@given(st.dictionaries(NAMES, ENTRIES, max_size=4), st.binary(max_size=64))
@example({"__metadata__": {"format": "pt", "a": 1}}, b"")
@example({"__metadata__": []}, b"")
def test_any_header(plain_base: Path, header: dict[str, Any], data: bytes) -> None:
    judged({WEIGHTS: with_header(json.dumps(header).encode()) + data}, plain_base)


@drawn
@given(
    st.dictionaries(
        NAMES, st.lists(st.sampled_from([0, 1, 2, 4, 16]), max_size=4), min_size=1, max_size=5
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "layer_replication": st.just([[0, 2], [1, 2]]),
            "layers_to_transform": st.just([0]),
            "modules_to_save": st.just(["lm_head"]),
            "use_dora": st.just(True),
            "target_modules": st.sampled_from([".*", "all-linear", ["lora_A"], None]),
        },
    ),
)
@example({f"base_model.model.model.layers.{'9' * 5000}.q_proj.lora_A.weight": [4, 16]}, {})
@example(
    {f"base_model.model.model.layers.{'9' * 5000}.q_proj.lora_A.weight": [4, 16]},
    {"layer_replication": [[0, 2]]},
)
@example({f"{'base_layer.' * 5000}lora_A.weight": [1]}, {})
@example({"base_model.model." + "a." * 5000 + "lora_A.weight": [1, 1]}, {})
@example({f"base_model.model.x{i}.lora_A.weight": [0] for i in range(3000)}, {})
@example({"\ud800.lora_A.weight": [1, 1], "\x1b[31m": [1], "": [1]}, {})
def test_any_names(plain_base: Path, names: dict[str, list[int]], changes: dict[str, Any]) -> None:
    files = {CONFIG: texts(PLAIN | changes), WEIGHTS: spread(names)}
    judged(files, plain_base)


@drawn
@given(st.binary(max_size=200), st.sampled_from([WEIGHTS, "adapter_model.bin"]))
@example(b"\x00" * 8, WEIGHTS)
@example(b"\xff" * 8, WEIGHTS)
@example((2**62).to_bytes(8, "little"), WEIGHTS)
@example(b"PK\x03\x04", "adapter_model.bin")
@example(b"\x80\x02cos\nsystem\n(S'touch /tmp/owned'\ntR.", "adapter_model.bin")
def test_any_bytes_as_weights(plain_base: Path, data: bytes, name: str) -> None:
    with TemporaryDirectory() as parent:
        folder = write_adapter(Path(parent))
        (folder / WEIGHTS).unlink()
        (folder / name).write_bytes(data)
        check_answer(call("validate", folder, "--base", plain_base))


@drawn
@given(
    st.one_of(
        st.binary(max_size=60),
        VALUES.map(texts),
        st.dictionaries(st.sampled_from(sorted(BASE_CONFIG)), VALUES, min_size=1, max_size=3).map(
            lambda changes: texts(BASE_CONFIG | changes)
        ),
    ),
    st.sampled_from(["config.json", "model.safetensors", "model.safetensors.index.json"]),
)
@example(texts({"weight_map": {"a": "../../../etc/passwd"}}), "model.safetensors.index.json")
@example(texts({"weight_map": {"a": "\x00"}}), "model.safetensors.index.json")
@example(texts({"weight_map": {"a": "model.safetensors"}}), "model.safetensors.index.json")
@example(texts({"weight_map": {"a": 1, "b": None}}), "model.safetensors.index.json")
@example(texts(BASE_CONFIG | {"num_hidden_layers": 10**9}), "config.json")
@example(texts(BASE_CONFIG | {"hidden_size": 10**12}), "config.json")
@example(texts(BASE_CONFIG | {"model_type": "\x1b[31m"}), "config.json")
def test_any_bytes_in_the_base(data: bytes, name: str) -> None:
    with TemporaryDirectory() as parent:
        adapter = write_adapter(Path(parent) / "adapter")
        base = write_base(Path(parent) / "base")
        if name == "model.safetensors.index.json":
            (base / "model.safetensors").unlink()
        (base / name).write_bytes(data)
        before = hashes(Path(parent))
        check_answer(call("validate", adapter, "--base", base))
        assert hashes(Path(parent)) == before
