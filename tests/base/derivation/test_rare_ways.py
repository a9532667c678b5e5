"""Constructors and config classes with rare code are followed as far as the library runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from loracfg.base.catalogue.evaluation.refusals import RefusedError
from loracfg.base.catalogue.index import LAYOUTS, Layout
from loracfg.base.catalogue.program_data import ProgramData
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.derivation.emission.dependence import whole
from loracfg.base.derivation.layout import LayoutFacts, derive_layout
from loracfg.base.derivation.source.library import Library
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.from_library import built as builder
from tests.base.law import LAYOUT, differs

Cases = list[tuple[str, dict[str, Any]]]

MIMI: Final = {"model_type": "mimi", "num_hidden_layers": 1}
MUSICGEN: Final[dict[str, Any]] = {
    "model_type": "musicgen",
    "text_encoder": {"model_type": "t5", "num_layers": 1},
    "audio_encoder": {"model_type": "encodec"},
    "decoder": {"model_type": "musicgen_decoder", "num_hidden_layers": 1},
}
MASKFORMER: Final[dict[str, Any]] = {
    "model_type": "maskformer",
    "backbone_config": {"model_type": "swin"},
    "decoder_config": {"model_type": "detr"},
}
KYUTAI: Final[dict[str, Any]] = {
    "model_type": "kyutai_speech_to_text",
    "num_hidden_layers": 1,
    "codec_config": MIMI,
}
WRONG_SETTING: Final = {**KYUTAI, "codec_config": {**MIMI, "max_new_tokens": 0}}
BOTH: Final[Cases] = [
    # the settings for generation of a part are read
    ("KyutaiSpeechToTextForConditionalGeneration", KYUTAI),
    # a config is created from the changed dict of another, and put into the model's
    ("MaskFormerModel", MASKFORMER),
    # it reads the parameter names of a method that is not transcribed
    ("MusicgenForConditionalGeneration", MUSICGEN),
    # keys with a prefix set those without it, including the vocabulary size
    ("SeamlessM4TTextToUnitForConditionalGeneration", {"model_type": "seamless_m4t"}),
    ("SeamlessM4Tv2ForTextToSpeech", {"model_type": "seamless_m4t_v2"}),
]
CASES: Final[dict[str, Cases]] = {
    "5": [
        ("JevForDecision", {"model_type": "jev"}),  # an object that is not a config
        ("MimiModel", MIMI),  # parts of its own dict
        ("MistralLarge4TextModel", {"model_type": "mistral_large4_text", "num_hidden_layers": 1}),
        ("NeoMMEModel", {"model_type": "neomme", "num_hidden_layers": 4}),  # keys in loops; rope
        ("Dots3NoteTextModel", {"model_type": "dots3_note_text", "num_hidden_layers": 3}),  # rope
        ("Sam3TrackerModel", {"model_type": "sam3_video"}),  # the model's config is a part
        *BOTH,
    ],
    "4": [
        # a dict names the type of the config that is created from it
        ("CsmForConditionalGeneration", {"model_type": "csm", "codec_config": MIMI}),
        (
            "T5EncoderModel",
            {"model_type": "t5", "num_layers": 1},
        ),  # ties weights itself
        *BOTH,
    ],
}
"""Classes with configs."""
REFUSED: Final[dict[str, Cases]] = {
    "5": [
        # sections of rotary positions that are longer than a head
        ("Ernie4_5_VLMoeTextModel", {"model_type": "ernie4_5_vl_moe_text", "head_dim": 64}),
        ("KyutaiSpeechToTextForConditionalGeneration", WRONG_SETTING),
    ],
    "4": [("KyutaiSpeechToTextForConditionalGeneration", WRONG_SETTING)],
}
"""Classes with configs that the library rejects."""


class Derived:
    """The facts about some types, as the store of a layout."""

    def __init__(self, facts: LayoutFacts) -> None:
        self.index: dict[str, Any] = facts.index.sections()
        self._programs = {name: whole(program) for name, program in facts.programs.items()}

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type."""
        made: ProgramData = json.loads(json.dumps(self._programs[model_type]))
        return made


def model_types(config: dict[str, Any]) -> Iterator[str]:
    """Yield the model types of a config and its parts."""
    yield config["model_type"]
    for value in config.values():
        if isinstance(value, dict):
            yield from model_types(value)


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    assert set(CASES) == set(LAYOUTS)
    types = sorted(
        {name for _, config in (*CASES[LAYOUT], *REFUSED[LAYOUT]) for name in model_types(config)}
    )
    with transcribed(Library("transformers"), types, with_parts=True) as package:
        yield Layout(LAYOUT, Derived(derive_layout(package)))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # warnings of the library
@pytest.mark.parametrize(("class_name", "config"), CASES[LAYOUT])
def test_rare_code_is_followed(class_name: str, config: dict[str, Any], layout: Layout) -> None:
    found = Work().build(layout, config, class_name)
    assert differs(found, builder.build(config, class_name)) is None


@pytest.mark.slow
@pytest.mark.parametrize(("class_name", "config"), REFUSED[LAYOUT])
def test_what_the_library_rejects(class_name: str, config: dict[str, Any], layout: Layout) -> None:
    with pytest.raises(RefusedError):
        Work().build(layout, config, class_name)
    with pytest.raises(CannotBuildError):
        builder.build(config, class_name)
