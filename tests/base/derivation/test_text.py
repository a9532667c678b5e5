"""Programs as text: the format, reading back written text, and errors."""

from __future__ import annotations

import json
import os
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.base.catalogue.program_data import Node, ProgramData
from loracfg.base.derivation.text import FactsError, normalise, read, write
from loracfg.base.derivation.text.tokens import MOST_BYTES, entries

FACTS = Path(__file__).parents[3] / "loracfg/base/catalogue/facts"
FILES = sorted(FACTS.glob("*/*.facts"))
LONG = os.environ.get("LORACFG_PROFILE") == "long"

LLAMA = """\
config LlamaConfig(PreTrainedConfig)
  loose
  to_dict
  constant model_type = "llama"
  fields
    hidden_size (int) = 4096
    rope_parameters (never | dict | None) = None
    initializer_range (float) = 0.02, in [0.0, 1.0], by 2
    labels (lit["a","b"] | tuple[int,...]) = (1, 2)
  names
    width is hidden_size
  parts
    text_config: LlamaConfig "llama" {"hidden_size": 8, "kinds": {1, 2}} optional
    vision_config: none "clip_vision_model"
  rope: {"how": "flat", "theta": "rope_theta", "base": 10000.0}
  creation
    if head_dim is None
      compute hidden_size // num_attention_heads
    else
      require head_dim > 0
    head_dim = hidden_size // num_attention_heads if head_dim is None else head_dim
    given a, b = gone if has(given.c) else keep
    set text_config.hidden_size = given.c if has(given.c) else keep
    then
      require is_size(hidden_size)
      set text_config.vocab_size = before.vocab_size
      tie_word_embeddings = text_config.tie_word_embeddings
  constructor
    late: [["rope_theta"]]
    defaults
      vocab_size = 32000
      kinds = {"a": (1, 2)}
    require "type" in argument.kinds
    vocab_size, kinds = argument
    hidden_size = argument.vocab_size
    head_dim = argument
    given pad_token_id, eos_token_id = argument
  property layer_types
    return ["full" if i % 2 else "sliding" for i < num_hidden_layers]
  check validate_heads
    require hidden_size % num_attention_heads == 0

let hidden_size_1 = [hidden_size // num_attention_heads // i % 2 for i < num_hidden_layers]

model LlamaForCausalLM
  input = model.embed_tokens
  output = lm_head
  ties = {"lm_head.weight": "model.embed_tokens.weight"}
  model: LlamaModel.2
  lm_head: Linear(vocab_size, hidden_size)

block LlamaModel.2
  embed_tokens: Embedding(vocab_size, hidden_size), padding pad_token_id
  layers[i < num_hidden_layers]:
    if i < first_k_dense_replace: LlamaDecoderLayer
      mlp: LlamaMLP
    elif i % 2 == 0: LlamaDecoderLayer
      moe: LlamaMoE
        parameter weight[num_experts, hidden_size, hidden_size]
        parameter bias[num_experts] if mlp_bias else [1] if x else unknown
        buffer scale none
        experts: ModuleList
          - LlamaMLP
          - if shared: LlamaMLP
          for j < sum(hidden_size_1):
            - LlamaMLP
            - Identity
          if x:
            [j < 3]: LlamaMLP
          else:
            - activation("gelu")
    else: LlamaDecoderLayer
      per_layer: Linear(max(hidden_size_1), hidden_size), bias if mlp_bias #0 per i
  norm: LlamaRMSNorm(hidden_size)

block LlamaMLP
  gate_proj: Linear(intermediate_size, hidden_size), bias if mlp_bias
  conv: Conv1d(d, 1, 4), bias, groups d
  deep: (DeepConv if deep else WideConv) as Conv2d, groups 2, transposed
  act_fn: activation(hidden_act)
  names:
    if named: Layers
      for j < num_stages:
        (concat("stage", j)): Identity
    else: Identity

model LlamaForSequenceClassification
  input = AutoModel(config).get_decoder.embed_tokens at "model" if x else #1
  export hidden_size = hidden_size
  tied = ["lm_head.weight"]
  model: AutoModel(text_config) #1
  backbone: AutoModelForBackbone(changed(config, depth=2)), batch_norms FrozenBatchNorm2d
  other: LlamaModel.2
  head if num_labels > 0, use_head: Identity
  pick:
    if a, b:
      if c: Identity
      else: Dropout
    else: Identity
  score: Scaled as Embedding(num_labels, hidden_size)

model LlamaModel: LlamaModel, groups 3

model LlamaPlain: Linear(1, 2), bias

requirements LlamaForCausalLM
  compute rope(config, rope_parameters["rope_type"], None)
  for i < num_hidden_layers
    compute layer_types[i]
    if a, e
      require b
    elif c
      require is_size(heads(hidden_size_1))
    else
      require d
"""


def test_writing_a_read_program_gives_the_same_text() -> None:
    program = read(LLAMA)
    assert write(program) == LLAMA
    assert json.dumps(normalise(program)) == json.dumps(program)


def test_a_program_has_the_content_of_its_text() -> None:
    program = read(
        "model M\n  q_proj: Linear(heads * head_dim, 8), bias if attention_bias\n"
        "  norm: RMSNorm(8)\n"
    )
    assert program["exprs"] == [
        ["c"],
        [".", 0, "heads"],
        [".", 0, "head_dim"],
        ["*", 1, 2],
        [".", 0, "attention_bias"],
    ]
    assert program["nodes"] == [
        {"layer": "Linear", "sizes": [3, [8]], "bias": 4},
        {"class": "RMSNorm", "layer": "Norm", "sizes": [[8]]},
        {"class": "M", "children": [["q_proj", 0], ["norm", 1]]},
    ]
    assert program["classes"] == {"M": {"root": 2, "in": None, "out": None, "checks": []}}


def test_equal_rows_and_nodes_are_one() -> None:
    leaf: Node = {"layer": "Linear", "sizes": [1, [2]]}
    program: ProgramData = {
        "exprs": [["c"], [".", 0, "n"], ["c"], [".", 2, "n"], [".", 2, "unused"]],
        "nodes": [leaf, {**leaf, "sizes": [3, [2]]}, {"class": "M", "items": [0, 1]}],
        "checks": [[[], [], [1]]],
        "classes": {"M": {"root": 2, "in": None, "out": None, "checks": [0]}},
    }
    found = normalise(program)
    assert found["exprs"] == [["c"], [".", 0, "n"]]
    assert found["nodes"] == [leaf, {"class": "M", "items": [0, 0]}]
    assert read(write(program)) == found


def test_a_module_is_not_confused_with_a_block_of_its_class() -> None:
    nodes: list[Node] = [
        {"class": "Mlp"},
        {"class": "Mlp", "children": [["a", 0], ["b", 0]]},
        {"class": "Two", "children": [["a", 1], ["b", 1], ["c", 0]]},
        {"class": "Mlp", "children": [["a", 2]]},
        {"class": "ModuleList", "items": [1, 1, 3]},
        {"class": "M", "children": [["a", 4], ["b", 4], ["c", 3]]},
    ]
    program: ProgramData = {
        "exprs": [],
        "nodes": nodes,
        "checks": [],
        "classes": {
            "M": {"root": 5, "in": None, "out": None, "checks": []},
            "N": {"root": 5, "in": None, "out": None, "checks": []},
            "Two": {"root": 2, "in": None, "out": None, "checks": []},
        },
    }
    assert read(write(program)) == normalise(program)


def test_programs_that_the_text_cannot_express_are_rejected() -> None:
    coloured: Any = {"exprs": [], "nodes": [], "checks": [], "classes": {}, "colour": 1}
    with pytest.raises(ValueError, match="no place in the text for colour"):
        write(coloured)
    with pytest.raises(ValueError, match="no way to write"):
        write(
            {
                "exprs": [["paint"]],
                "nodes": [{"activation": 0}],
                "checks": [],
                "classes": {"M": {"root": 0, "in": None, "out": None, "checks": []}},
            }
        )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("modle M\n", 1, "unexpected `modle`"),
        ("model M\n    a: B\n", 2, "indented"),
        ("model M\n   a: B\n", 2, "indented"),
        ("model M\n  a: \n", 2, "`if`, `elif` and `else`"),
        ("model M\n  a:\n    else: B\n", 3, "`if`, `elif` and `else`"),
        ("model M\n  a: B\nmodel M\n", 3, "already defined"),
        ("model M\n  a: Linear(1, 2) bias\n", 2, "unexpected `bias`"),
        ("model M\n  a: N\n    b: C\nblock N\n", 3, "unexpected indented line"),
        ("requirements M\n  require a\n", 1, "no model `M`"),
        ("model M\nrequirements M\n  else\n    require a\n", 3, "no `if` before"),
        ("let a = 1\nlet a = 2\n", 2, "already defined"),
        ("config C\n  fields\n    a (int) = b\n", 3, "expected a value"),
        ("config C\n  creation\n    set a = 1 + b.c\n    then\n      set a.b\n", 5, "`=`"),
        ("model M\n  a: N\nblock N\n  b: N\n", 3, "contains itself"),
        ("model M\n  a: N\nblock N\n  b: O\nblock O\n  c: N\n", 3, "contains itself"),
        ("model M\n  a: M\n", 1, "contains itself"),
        ("model M\n  a: Linear(" + "9" * 1001 + ")\n", 2, "a number"),
        ("config C\n  creation\n    a = 1 + gone\n", 3, "not values"),
        ("model M\n  a: N\n    if c:\n      - B\n      - B\n", 3, "expected one item below"),
        ("model M\n  a: N\n    - B\n    else:\n      - C\n", 4, "expected `-`, found `else`"),
        ("model M\n  a: Linear(1, 2) #3.5\n", 2, "expected a whole number"),
        ("model M: none\n", 1, "`M` is not a module"),
        ("model M\n  a: N\nblock M\n", 3, "`M` is already defined"),
        ("model M\nrequirements M\n  if a\n    b\n", 4, "expected a requirement, found `b`"),
        ("config C\nconfig C\n", 2, "`C` is already defined"),
        ("config C\n  creation\n    set a[0] = 1\n", 3, "an attribute of a part after `set`"),
        ("config C\n  creation\n    set 3 = 1\n", 3, "an attribute of a part after `set`"),
        ("config C\n  fields\n    a (int) = 3, in 3\n", 3, "expected an interval"),
        ("config C\n  fields\n    a (int) = 3, in [1, 2}\n", 3, "the end of the interval"),
        ("config C\n  constant a = -None\n", 2, "expected a number"),
        ("config C\n  constant a = {[1]: 2}\n", 2, "a key is not a string"),
        ('config C\n  constant a = {"a": 1, 2: 3}\n', 2, "a key is not a string"),
        (f"config C\n  constant a = {'[' * 50}\n", 2, "the value is nested too deeply"),
        ("".join("  " * level + "a\n" for level in range(103)), 102, "the line is nested too deep"),
        ("x" * (MOST_BYTES + 1), 1, "the file is too long"),
        ("\n" * 3 + "model M\n  a: Linear(1,\n      \\ 2 ?)\n", 6, "`?`"),
    ],
)
def test_errors_say_where_and_what(text: str, line: int, message: str) -> None:
    with pytest.raises(FactsError) as caught:
        read(text)
    assert message in caught.value.message
    assert caught.value.line == line


def refused(text: str) -> str:
    with pytest.raises(FactsError) as caught:
        read(text)
    return caught.value.message


def test_deep_files_are_read_or_rejected() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)  # the limit without interpreting
    try:
        _read_deep_files()
    finally:
        sys.setrecursionlimit(limit)


def _read_deep_files() -> None:
    blocks = "".join(f"block B{i}\n  a: B{i + 1}\n" for i in range(3000))
    read(f"model M\n  a: B0\n{blocks}block B3000\n")
    read(f"model M\n  a: activation({' + '.join(['a'] * 3000)})\n")
    read(f"model M\n  a: activation({' if c else '.join(['a'] * 3000)})\n")
    for text in (
        f"model M\n  input = {' if c else '.join(['a'] * 3000)}\n",
        "model M\n  a:\n    if c: B\n" + "    elif c: B\n" * 3000,
    ):
        assert "nested too deeply" in refused(text)
    cases = "  elif c\n    require b\n" * 3000
    assert "too many cases" in refused(f"model M\nrequirements M\n  if a\n    require b\n{cases}")


@given(st.data())
def test_any_text_is_read_or_rejected(data: st.DataObject) -> None:
    words = LLAMA.split(" ")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.lists(st.sampled_from([*words, "(", ")", "\n ", "if", ":", "#", "9"]), max_size=3)
        )
    try:
        program = read(" ".join(words))
    except FactsError:
        return
    assert json.dumps(read(write(program))) == json.dumps(program)


@pytest.mark.parametrize("path", FILES if LONG else FILES[::4], ids=lambda path: path.stem)
def test_facts_files_have_the_written_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert write(read(text)) == text
    assert max(map(len, text.splitlines())) <= 200


@pytest.mark.parametrize("part", ["x", "\\\\"])
def test_a_long_text_takes_no_more_memory_than_its_length(part: str) -> None:
    line = f'name = "{part * 400_000}"'
    tracemalloc.start()
    try:
        ((*_, text),) = [one.tokens for one in entries(line)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert text.kind == "string"
    assert peak < 4 * len(line)
