"""Classes that need their own rules: their derived trees equal those of the library."""

from __future__ import annotations

from typing import Any, Final

import pytest

from loracfg.base.catalogue.index import Layout
from loracfg.base.catalogue.program_data import ProgramData
from loracfg.base.catalogue.work import Work
from loracfg.base.derivation.emission.dependence import whole
from loracfg.base.derivation.layout import LayoutFacts, derive_layout
from loracfg.base.derivation.source.library import Library
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.from_library import built as library
from tests.base.law import LAYOUT, differs

TIED_BY_A_PROPERTY: Final = {"model_type": "deimv2", "decoder_layers": 2}
ONE_HEAD: Final = {"model_type": "perceiver", "num_cross_attention_heads": 1}
STRIPS: Final = ("vertical_long_to_small", "horizontal_small_to_long", "symmetric")
SPREAD_ARGUMENTS: Final = {
    **{key: [1, 1, 0] for key in ("reduce_channel", "return_channel")},
    **{
        f"{strip}_conv_{long}{size}ratio": [[size_of, 1], [1, 1], [size_of // 2, 0]]
        for strip, long in zip(STRIPS, ("", "", "long_"), strict=True)
        for size, size_of in (("long", 7), ("mid", 5), ("short", 3))
    },
}
TEXT: Final = {"model_type": "bert", "num_hidden_layers": 1, "vocab_size": 64}
TEXT_INSIDE: Final = {
    "model_type": "grounding-dino",
    "encoder_layers": 1,
    "decoder_layers": 2,
    "text_config": TEXT,
    "backbone_config": {"model_type": "swin", "out_indices": [2, 3, 4]},
}
CASES: Final[dict[str, list[tuple[str, dict[str, Any]]]]] = {
    "5": [
        ("Deimv2ForObjectDetection", TIED_BY_A_PROPERTY),
        ("Deimv2ForObjectDetection", {**TIED_BY_A_PROPERTY, "share_bbox_head": True}),
        ("GroundingDinoModel", TEXT_INSIDE),
        ("LevitModel", {"model_type": "levit", "image_size": 64}),
        ("NemotronH_Omni_Reasoning_V3", {"model_type": "nemotron_h_omni"}),
        ("PerceiverForImageClassificationConvProcessing", ONE_HEAD),
        ("PerceiverForMultimodalAutoencoding", ONE_HEAD),
        ("PPDocLayoutV2Model", {"model_type": "pp_doclayout_v2"}),
        ("PPDocLayoutV3ForObjectDetection", {"model_type": "pp_doclayout_v3", "num_denoising": 0}),
        ("PPDocLayoutV3ForObjectDetection", {"model_type": "pp_doclayout_v3"}),
        (
            "PPOCRV5ServerDetForObjectDetection",
            {
                "model_type": "pp_ocrv5_server_det",
                "intraclass_block_config": SPREAD_ARGUMENTS,
                "scale_factor_list": [1, 2, 4, 8],
                "kernel_list": [3, 2, 2],
            },
        ),
        ("Sam3VideoModel", {"model_type": "sam3_video"}),
        ("XcodecModel", {"model_type": "xcodec"}),
    ],
    "4": [
        ("EfficientFormerModel", {"model_type": "efficientformer"}),
        ("GraphormerModel", {"model_type": "graphormer", "num_trans_layers_to_freeze": 2}),
        ("GroundingDinoModel", TEXT_INSIDE),
        ("NezhaModel", {"model_type": "nezha", "max_position_embeddings": 8}),
        ("XcodecModel", {"model_type": "xcodec"}),
    ],
}
"""Configs by layout, each with a class for its type."""

INSIDE: Final = ("dac", "hubert")
"""Types of inner models that config classes of transformers 4 do not name."""


class Facts:
    """Facts that are not packed, as the store of a layout."""

    def __init__(self, facts: LayoutFacts) -> None:
        self.index: dict[str, Any] = facts.index.sections()
        self._programs = facts.programs

    def program(self, model_type: str) -> ProgramData:
        return whole(self._programs[model_type])


@pytest.fixture(scope="module")
def layout() -> Layout:
    types = sorted({*INSIDE, *(config["model_type"] for _, config in CASES[LAYOUT])})
    with transcribed(Library("transformers"), types, with_parts=True) as package:
        return Layout(LAYOUT, Facts(derive_layout(package)))


@pytest.mark.slow
@pytest.mark.parametrize(("class_name", "config"), CASES[LAYOUT])
def test_derived_classes_equal_those_of_the_library(
    layout: Layout, class_name: str, config: dict[str, Any]
) -> None:
    ours = Work().build(layout, config, class_name)
    assert differs(ours, library.build(config, class_name)) is None
