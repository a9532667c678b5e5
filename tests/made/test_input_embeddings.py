"""Classes that give no input embedding: PEFT raises where it asks for it, and not elsewhere."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, Final

import pytest
import torch
import transformers

from loracfg import Options, validate
from loracfg.base.catalogue import lookup
from loracfg.base.from_library.live_model import architecture_of

peft = pytest.importorskip("peft")

_SMALL: Final = {
    "d_model": 16,
    "encoder_hidden_dim": 16,
    "encoder_in_channels": [8, 8, 8],
    "feat_strides": [8, 16, 32],
    "encoder_ffn_dim": 16,
    "encoder_attention_heads": 2,
    "decoder_in_channels": [16, 16, 16],
    "decoder_ffn_dim": 16,
    "decoder_attention_heads": 2,
    "decoder_layers": 2,
    "backbone_config": {
        "model_type": "rt_detr_resnet",
        "embedding_size": 8,
        "hidden_sizes": [8, 8, 8, 8],
        "depths": [1, 1, 1, 1],
        "layer_type": "basic",
        "out_features": ["stage2", "stage3", "stage4"],
    },
}

CASES: Final[list[tuple[str, str, dict[str, Any], list[str], bool]]] = [
    ("rt_detr_v2", "RTDetrV2ForObjectDetection", _SMALL, ["q_proj", "v_proj"], True),
    (
        "rt_detr_v2",
        "RTDetrV2ForObjectDetection",
        _SMALL | {"tie_word_embeddings": False},
        ["q_proj", "v_proj"],
        False,
    ),
    ("rt_detr_v2", "RTDetrV2Model", _SMALL, ["q_proj", "v_proj"], False),
    ("rt_detr", "RTDetrForObjectDetection", _SMALL, ["q_proj", "v_proj"], False),
    ("pp_doclayout_v4", "PPDocLayoutV4Model", {}, ["q_proj", "v_proj"], True),  # ties, but empty
    ("resnet", "ResNetForImageClassification", {"depths": [1, 1, 1, 1]}, ["convolution"], False),
]


@pytest.mark.parametrize(("model_type", "name", "values", "targets", "fails"), CASES)
def test_a_class_without_input_embedding(
    model_type: str,
    name: str,
    values: dict[str, Any],
    targets: list[str],
    fails: bool,
    tmp_path: Path,
) -> None:
    config = transformers.AutoConfig.for_model(model_type, **values)
    model = getattr(transformers, name)(config)
    given = config.to_dict() | {"architectures": [name]}
    assert lookup.build(given, name).hides_embeddings is fails
    assert architecture_of(model).hides_embeddings is fails
    raises = lookup.build(given, name).raises_for_embeddings
    assert architecture_of(model).raises_for_embeddings is raises

    wanted = peft.LoraConfig(r=4, target_modules=targets)
    if fails:
        with pytest.raises(NotImplementedError, match="get_input_embeddings"):
            peft.get_peft_model(model, wanted)
        model.config.tie_word_embeddings = False  # as the finding advises
    peft.get_peft_model(model, wanted).save_pretrained(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps(given))

    (report,) = validate(tmp_path, Options(base=str(tmp_path / "config.json"))).adapters
    assert {d.code for d in report.diagnostics if d.severity == "error"} == (
        {"LC625"} if fails else set()
    )


@pytest.mark.parametrize(
    ("model_type", "name"),
    [("blip_2_qformer", "Blip2QFormerModel"), ("dinov3_convnext", "DINOv3ConvNextBackbone")],
)
def test_a_class_may_return_no_embedding_without_raising(model_type: str, name: str) -> None:
    config = transformers.AutoConfig.for_model(model_type)
    with torch.device("meta"):
        real = architecture_of(_class_of(model_type, name)(config))
    ours = lookup.build(config.to_dict(), name)
    assert not ours.raises_for_embeddings
    assert not real.raises_for_embeddings
    assert ours.hides_embeddings is real.hides_embeddings


def _class_of(model_type: str, name: str) -> Any:
    folder = type(transformers.AutoConfig.for_model(model_type)).__module__.rpartition(".")[0]
    module = importlib.import_module(f"{folder}.modeling_{folder.rpartition('.')[2]}")
    return getattr(module, name)
