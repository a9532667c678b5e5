"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): data2vec__configuration_data2vec_vision. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from loracfg.base.catalogue.stand_ins.configs import strict

@strict
class Data2VecVisionConfig(PreTrainedConfig):
    model_type = 'data2vec-vision'
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12
    image_size: int | list[int] | tuple[int, int] = 224
    patch_size: int | list[int] | tuple[int, int] = 16
    num_channels: int = 3
    use_mask_token: bool = False
    use_absolute_position_embeddings: bool = False
    use_relative_position_bias: bool = False
    use_shared_relative_position_bias: bool = False
    layer_scale_init_value: float = 0.1
    drop_path_rate: float | int = 0.1
    use_mean_pooling: bool = True
    out_indices: list[int] | tuple[int, ...] = (3, 5, 7, 11)
    pool_scales: list[int] | tuple[int, ...] = (1, 2, 3, 6)
    use_auxiliary_head: bool = True
    auxiliary_loss_weight: float = 0.4
    auxiliary_channels: int = 256
    auxiliary_num_convs: int = 1
    auxiliary_concat_input: bool = False
    semantic_loss_ignore_index: int = 255
