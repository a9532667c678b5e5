"""The output of `loracfg base show` for a model type."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from loracfg_api import catalogue_answers
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from loracfg.base.catalogue import index
from loracfg.base.catalogue.program_data import ProgramData
from loracfg.base.catalogue.showing import facts, find, sizes
from loracfg.base.derivation.text import read
from loracfg.errors import LoracfgError
from tests.cli.running import call

LLAMA = """\
config LlamaConfig(PreTrainedConfig)
  fields
    hidden_size (int) = 4096

model LlamaForCausalLM
  model: LlamaModel
  lm_head: Linear(vocab_size, hidden_size)

model LlamaModel
  embed_tokens: Embedding(vocab_size, hidden_size)
  mlp: LlamaMLP
    up_proj: Linear(intermediate_size, hidden_size)
"""
LM_ALONE = """\
model LlamaForCausalLM
  model: LlamaModel
    embed_tokens: Embedding(vocab_size, hidden_size)
    mlp: LlamaMLP
      up_proj: Linear(intermediate_size, hidden_size)
  lm_head: Linear(vocab_size, hidden_size)
"""
DECLINED = "it calls another library"


class Layout:
    """A layout with the facts about two classes of llama."""

    def program(self, model_type: str) -> ProgramData:
        return read(LLAMA)

    def program_of(self, class_name: str) -> tuple[str, ProgramData]:
        program = read(LLAMA)
        if class_name not in program["classes"]:
            raise KeyError(class_name)
        return "llama", program

    def declined(self, class_name: str) -> str | None:
        return DECLINED


@pytest.fixture
def _llama(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "layout_of", lambda name: Layout())
    catalogue_answers._base_page.cache_clear()


FOLDER = Path(index.__file__).parent / "facts"


@pytest.mark.parametrize("model_type", ["llama", "t5", "bert", "siglip", "UNet2DConditionModel"])
def test_facts_are_shown_as_in_the_files(model_type: str) -> None:
    known = find(model_type)
    text = (FOLDER / known.layout / f"{model_type}.facts").read_text("utf-8")
    assert facts(known).startswith(text)


def test_nested_configs_are_shown() -> None:
    known = find("t5_gemma_module")
    assert known.classes == []
    assert facts(known).startswith("config T5GemmaModuleConfig(")
    with pytest.raises(LoracfgError, match="has no model class"):
        sizes(known, {})


@pytest.mark.usefixtures("_llama")
def test_all_classes_are_shown_including_declined_ones() -> None:
    text = facts(find("llama"))
    assert text.startswith(LLAMA)
    assert f"\n\ndeclined LlamaForSequenceClassification: {DECLINED}\n" in text


@pytest.mark.usefixtures("_llama")
def test_a_single_class_is_shown() -> None:
    assert facts(find("llama"), "LlamaForCausalLM") == LM_ALONE
    with pytest.raises(LoracfgError, match=DECLINED):
        facts(find("llama"), "LlamaForTokenClassification")
    with pytest.raises(LoracfgError, match="`Bert` is not a class of `llama`; it has `LlamaModel`"):
        facts(find("llama"), "Bert")


def test_similar_names_are_suggested() -> None:
    with pytest.raises(LoracfgError, match="did you mean `llama`"):
        find("lllama")
    with pytest.raises(LoracfgError, match=r"architectures\.md"):
        find("?" * 1000)


def test_sizes_are_those_of_the_config() -> None:
    config = {"vocab_size": 10, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = sizes(find("llama"), config)
    assert text.startswith("LlamaForCausalLM  # ")
    assert "\n    layers[0-1]: LlamaDecoderLayer\n" in text
    assert "\n  lm_head: Linear(10, 8)  # output embeddings\n" in text
    alone = sizes(find("llama"), config, "LlamaModel")
    assert "\n  embed_tokens: Embedding(10, 8)  # input embeddings\n" in alone


SMALL: Final = {"num_hidden_layers": 1, "hidden_size": 32, "num_attention_heads": 4}
COUNTED: Final[list[tuple[str, str, dict[str, Any]]]] = [
    # ties with the input embeddings, with biases, with other embeddings, and without any
    ("llama", "LlamaForCausalLM", {**SMALL, "tie_word_embeddings": True}),
    ("bert", "BertForMaskedLM", SMALL),
    ("roberta", "RobertaForCausalLM", SMALL),
    ("bark", "BarkModel", {}),
    ("blip-2", "Blip2ForConditionalGeneration", {}),
    ("sam", "SamModel", {}),
    ("t5", "T5ForConditionalGeneration", {}),
    ("t5", "T5ForConditionalGeneration", {"tie_word_embeddings": False}),
    ("florence2", "Florence2Model", {}),
]


@pytest.mark.parametrize(("model_type", "class_name", "changes"), COUNTED)
def test_tied_parameters_count_once(
    model_type: str, class_name: str, changes: dict[str, Any]
) -> None:
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers", minversion="5")
    import torch

    from loracfg.base.from_library.meta_device import no_initialisation

    config = transformers.CONFIG_MAPPING[model_type](**changes)
    with torch.device("meta"), no_initialisation():
        model = getattr(transformers, class_name)(config)
    model.tie_weights()
    expected = sum(one.numel() for one in model.parameters())
    shown = sizes(find(model_type), {"model_type": model_type, **changes}, class_name)
    assert shown.partition("\n")[0] == f"{class_name}  # {expected:,} parameters"


def test_configs_of_another_type_have_no_sizes() -> None:
    with pytest.raises(LoracfgError, match="the config is for `bert`, not `llama`"):
        sizes(find("llama"), {"model_type": "bert"})
    with pytest.raises(LoracfgError, match="`LlamaForCausalLM` cannot be shown for this config"):
        sizes(find("llama"), {"hidden_size": "large"})


@pytest.mark.usefixtures("_llama")
def test_the_command_line_shows_both(tmp_path: Path) -> None:
    assert call("base", "show", "llama", "--class", "LlamaForCausalLM").out == LM_ALONE
    config = tmp_path / "config.json"
    config.write_text('{"model_type": "llama", "hidden_size": 64, "num_attention_heads": 4}')
    outcome = call("base", "show", "llama", "--config", config)
    assert (outcome.status, outcome.err) == (0, "")
    assert "lm_head: Linear(32000, 64)" in outcome.out
    outcome = call("base", "show", "nothing-like-it")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: the catalogue has no model type `nothing-like-it`")


@pytest.mark.usefixtures("_llama")
def test_the_service_shows_facts() -> None:
    with TestClient(create_app(Settings())) as client:
        page = client.get("/bases/llama").json()
        assert page["facts"].startswith(LLAMA)
        assert page["library"] == "transformers"
        assert "LlamaForTokenClassification" in page["classes"]
        alone = client.get("/v1/bases/llama", params={"class": "LlamaForCausalLM"}).json()
        assert (alone["classes"], alone["facts"]) == (["LlamaForCausalLM"], LM_ALONE)
        for path in ("/bases/nothing", "/bases/llama?class=Bert"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
