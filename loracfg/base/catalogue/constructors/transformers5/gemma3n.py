"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): gemma3n. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from collections.abc import Sequence
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, requires_backends
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Foreign
from typing import Any
import math
ImageNetInfo = Foreign('timm.data.ImageNetInfo')
infer_imagenet_subset = Foreign('timm.data.infer_imagenet_subset')

@strict
class Gemma3nTextConfig(PreTrainedConfig):
    model_type = 'gemma3n_text'
    vocab_size: int = 262400
    hidden_size: int = 2048
    intermediate_size: int | list[int] = 16384
    num_hidden_layers: int = 35
    num_attention_heads: int = 8
    num_key_value_heads: int = 2
    head_dim: int = 256
    hidden_activation: str = 'gelu_pytorch_tanh'
    max_position_embeddings: int = 32768
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    pad_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    bos_token_id: int | None = 2
    tie_word_embeddings: bool = True
    rope_parameters: dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    sliding_window: int = 512
    layer_types: list[str] | None = None
    final_logit_softcapping: float = 30.0
    default_theta = {'global': 1000000.0, 'local': 10000.0}
    vocab_size_per_layer_input: int = 262144
    hidden_size_per_layer_input: int = 256
    altup_active_idx: int = 0
    altup_coef_clip: float = 120.0
    altup_correct_scale: bool = True
    altup_num_inputs: int = 4
    num_kv_shared_layers: int = 15
    laurel_rank: int = 64
    activation_sparsity_pattern: float | list[float] | None = None

    def __post_init__(self, **kwargs):
        if isinstance(self.intermediate_size, Sequence) and (intsize_len := len(self.intermediate_size)) != self.num_hidden_layers:
            raise ValueError(f'intermediate_size must have an explicit intermediate size for every layer or one for all layers. Expected {self.num_hidden_layers} values but got {intsize_len}.')
        elif not isinstance(self.intermediate_size, Sequence):
            self.intermediate_size = [self.intermediate_size] * self.num_hidden_layers
        if self.layer_types is None:
            self.layer_types = ['full_attention' if (i + 1) % 5 == 0 else 'sliding_attention' for i in range(self.num_hidden_layers)]
        if self.activation_sparsity_pattern is None:
            num_sparse_layers = 10 if self.num_hidden_layers > 10 else 0
            self.activation_sparsity_pattern = [0.95] * num_sparse_layers + [0.0] * (self.num_hidden_layers - num_sparse_layers)
        if (len_asp := len(self.activation_sparsity_pattern)) != self.num_hidden_layers:
            raise ValueError(f'activation_sparsity_pattern must have an explicit activation sparsity value for every layer.Expected {self.num_hidden_layers} values but got {len_asp}.')
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

    def to_dict(self):
        output = super().to_dict()
        if getattr(self, 'use_bidirectional_attention', False):
            output['sliding_window'] = (self.sliding_window - 1) * 2
        return output

    def convert_rope_params_to_dict(self, **kwargs):
        rope_scaling = kwargs.pop('rope_scaling', None)
        default_rope_params = {'sliding_attention': {'rope_type': 'default'}, 'full_attention': {'rope_type': 'default'}}
        self.rope_parameters = self.rope_parameters if self.rope_parameters is not None else default_rope_params
        if rope_scaling is not None:
            self.rope_parameters['full_attention'].update(rope_scaling)
        if self.rope_parameters.get('full_attention') is None:
            self.rope_parameters['full_attention'] = {'rope_type': 'default'}
        self.rope_parameters['full_attention'].setdefault('rope_theta', kwargs.pop('rope_theta', self.default_theta['global']))
        if self.rope_parameters.get('sliding_attention') is None:
            self.rope_parameters['sliding_attention'] = {'rope_type': 'default'}
        self.rope_parameters['sliding_attention'].setdefault('rope_theta', kwargs.pop('rope_local_base_freq', self.default_theta['local']))
        self.standardize_rope_params()
        return kwargs

    @property
    def kv_sharing_modes(self):
        if self.num_kv_shared_layers == 0:
            return [None] * self.num_hidden_layers
        first_shared_layer = self.num_hidden_layers - self.num_kv_shared_layers
        kv_sharing_modes = [None if i < first_shared_layer else 'reuse' for i in range(self.num_hidden_layers)]
        reversed_unshared_layer_types = self.layer_types[0:first_shared_layer][::-1]
        if sorted(set(reversed_unshared_layer_types)) != sorted(set(self.layer_types)):
            raise ValueError('The set of layer types producing a cache is different than the set of layer types using them')
        last_non_consumer_indices = [first_shared_layer - 1 - reversed_unshared_layer_types.index(k) for k in set(self.layer_types)]
        for producer_index in last_non_consumer_indices:
            kv_sharing_modes[producer_index] = 'store'
        return kv_sharing_modes

@strict
class Gemma3nAudioConfig(PreTrainedConfig):
    model_type = 'gemma3n_audio'
    vocab_size: int = 128
    vocab_offset: int = 262144 + 128
    input_feat_size: int = 128
    hidden_size: int = 1536
    rms_norm_eps: float = 1e-06
    gradient_clipping: float = 10000000000.0
    conf_attention_chunk_size: int = 12
    conf_attention_context_left: int = 13
    conf_attention_context_right: int = 0
    conf_attention_logit_cap: float = 50.0
    conf_num_attention_heads: int = 8
    conf_num_hidden_layers: int = 12
    conf_conv_kernel_size: int = 5
    conf_reduction_factor: int = 4
    conf_residual_weight: float = 0.5
    sscp_conv_channel_size: list[int] | tuple[int, int] = (128, 32)
    sscp_conv_group_norm_eps: float = 0.001
    sscp_conv_kernel_size: list | tuple[tuple[int, int], tuple[int, int]] = ((3, 3), (3, 3))
    sscp_conv_stride_size: list | tuple[tuple[int, int], tuple[int, int]] = ((2, 2), (2, 2))

@strict
class Gemma3nVisionConfig(PreTrainedConfig):
    model_type = 'gemma3n_vision'
    architecture: str = 'mobilenetv5_300m_enc'
    initializer_range: float = 0.02
    do_pooling: bool = False
    model_args: dict | None = None
    hidden_size: int = 2048
    vocab_size: int = 128
    vocab_offset: int = 262144
    rms_norm_eps: float = 1e-06

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        config_dict = config_dict.copy()
        label_names = config_dict.get('label_names')
        is_custom_model = 'num_labels' in kwargs or 'id2label' in kwargs
        if label_names is None and (not is_custom_model):
            requires_backends(cls, ['timm'])
            imagenet_subset = infer_imagenet_subset(config_dict)
            if imagenet_subset:
                dataset_info = ImageNetInfo(imagenet_subset)
                synsets = dataset_info.label_names()
                label_descriptions = dataset_info.label_descriptions(as_dict=True)
                label_names = [label_descriptions[synset] for synset in synsets]
        if label_names is not None and (not is_custom_model):
            kwargs['id2label'] = dict(enumerate(label_names))
            if len(set(label_names)) == len(label_names):
                kwargs['label2id'] = {name: i for i, name in enumerate(label_names)}
            else:
                kwargs['label2id'] = None
        num_labels_in_kwargs = kwargs.pop('num_labels', None)
        num_labels_in_dict = config_dict.pop('num_classes', None)
        kwargs['num_labels'] = num_labels_in_kwargs or num_labels_in_dict
        if 'pretrained_cfg' in config_dict and 'num_classes' in config_dict['pretrained_cfg']:
            config_dict['pretrained_cfg'].pop('num_classes', None)
        return super().from_dict(config_dict, **kwargs)

    def to_dict(self):
        output = super().to_dict()
        output.setdefault('num_classes', self.num_labels)
        output.setdefault('label_names', list(self.id2label.values()))
        output.pop('id2label', None)
        output.pop('label2id', None)
        return output

@strict
class Gemma3nConfig(PreTrainedConfig):
    model_type = 'gemma3n'
    sub_configs_defaults = {'text_config': Gemma3nTextConfig, 'vision_config': Gemma3nVisionConfig, 'audio_config': Gemma3nAudioConfig}
    text_config: Gemma3nTextConfig | dict[str, Any] | None = None
    vision_config: Gemma3nVisionConfig | dict[str, Any] | None = None
    audio_config: Gemma3nAudioConfig | dict[str, Any] | None = None
    audio_soft_tokens_per_image: int | None = 188
    vision_soft_tokens_per_image: int | None = 256
    boi_token_id: int | None = 255999
    eoi_token_id: int | None = 262144
    image_token_id: int | None = 262145
    boa_token_id: int | None = 256000
    eoa_token_id: int | None = 262272
    audio_token_id: int | None = 262273
    initializer_range: float | None = 0.02
    tie_word_embeddings: bool | None = True
    use_cache: bool = True

class Gemma3nRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, with_scale=True):
        super().__init__()
        self.eps = eps
        self.with_scale = with_scale
        if self.with_scale:
            self.weight = nn.Parameter(torch.ones(dim), requires_grad=True)

class Gemma3nAudioRelativePositionEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_heads = self.config.conf_num_attention_heads
        self.channels = self.config.hidden_size
        self.head_dim = self.channels // self.num_heads
        self.max_backward = max(0, self.config.conf_attention_context_left - 1)
        self.max_forward = self.config.conf_attention_context_right
        self.pos_proj = nn.Linear(self.channels, self.num_heads * self.head_dim, bias=False)
        min_timescale = 1.0
        max_timescale = 10000.0
        num_timescales = self.channels // 2
        log_timescale_increment = math.log(float(max_timescale) / float(min_timescale)) / max(num_timescales - 1, 1)
        inv_timescales = min_timescale * torch.exp(torch.arange(num_timescales) * -log_timescale_increment)
        self.inv_timescales = nn.Buffer(inv_timescales.float().unsqueeze(0).unsqueeze(0), persistent=False)

class Gemma3nAudioAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.num_heads = self.config.conf_num_attention_heads
        self.hidden_size = self.config.hidden_size
        self.head_dim = self.hidden_size // self.num_heads
        self.chunk_size = self.config.conf_attention_chunk_size
        self.max_future_horizon = self.config.conf_attention_context_right
        self.max_past_horizon = max(0, self.config.conf_attention_context_left - 1)
        self.attention_logits_soft_cap = self.config.conf_attention_logit_cap
        self.context_size = self.chunk_size + self.max_past_horizon + self.max_future_horizon
        self.relative_position_embedding = Gemma3nAudioRelativePositionEmbedding(config)
        self.per_dim_scale = nn.Parameter(torch.zeros((self.head_dim,)))
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        q_scale = self.head_dim ** (-0.5)
        r_softplus_0 = 1.0 / torch.nn.functional.softplus(torch.tensor(0.0))
        self.q_scale = nn.Buffer((q_scale * r_softplus_0).clone().detach(), persistent=False)
        local_causal_valid_mask = self.create_local_causal_valid_mask()
        self.local_causal_valid_mask = nn.Buffer(local_causal_valid_mask, persistent=False)
        self.softcap = nn.Buffer(torch.tensor(self.attention_logits_soft_cap).float(), persistent=False)

    def create_local_causal_valid_mask(self):
        lower_causal_mask = torch.tril(torch.ones((self.context_size, self.chunk_size), dtype=torch.bool), diagonal=0).T
        upper_causal_mask = torch.tril(torch.ones((self.chunk_size, self.context_size), dtype=torch.bool), diagonal=self.max_past_horizon + self.max_future_horizon)
        local_causal_valid_mask = torch.ones((self.chunk_size, self.context_size), dtype=torch.bool)
        local_causal_valid_mask = local_causal_valid_mask * lower_causal_mask * upper_causal_mask
        return local_causal_valid_mask

class Gemma3nAudioCumulativeGroupNorm(nn.Module):

    def __init__(self, num_channels, feature_dims, eps=0.001):
        super().__init__()
        self.num_channels = num_channels
        self.feature_dims = tuple(feature_dims)
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(num_channels))
        self.reduction_axes = tuple(range(2, 2 + len(self.feature_dims) + 1))

class Gemma3nAudioSSCPConvBlock(nn.Module):

    def __init__(self, config, idx, input_freq_dim, manual_padding=(0, 0, 0, 0)):
        super().__init__()
        self.config = config
        self.manual_padding = manual_padding
        in_channels = 1 if idx == 0 else self.config.sscp_conv_channel_size[idx - 1]
        out_channels = self.config.sscp_conv_channel_size[idx]
        kernel_h, kernel_w = self.config.sscp_conv_kernel_size[idx]
        stride_h, stride_w = self.config.sscp_conv_stride_size[idx]
        self.conv = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=(kernel_h, kernel_w), stride=(stride_h, stride_w), padding=(0, 0), bias=False)
        f_in_padded = input_freq_dim + self.manual_padding[0] + self.manual_padding[1]
        f_out_conv = (f_in_padded - kernel_w) // stride_w + 1
        self.norm = Gemma3nAudioCumulativeGroupNorm(num_channels=out_channels, feature_dims=(f_out_conv,), eps=self.config.sscp_conv_group_norm_eps)
        self.activation = nn.ReLU()

class Gemma3nAudioSubSampleConvProjection(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        current_f_for_block_input = config.input_feat_size
        calculated_block_padding = []
        calculated_f_out_dims = []
        for i in range(2):
            kernel_h, kernel_w = config.sscp_conv_kernel_size[i]
            stride_h, stride_w = config.sscp_conv_stride_size[i]
            pad_t_top = 0
            pad_t_bottom = kernel_h - 1
            pad_f_left = 1
            pad_f_right = 1
            manual_padding_tuple = (pad_f_left, pad_f_right, pad_t_top, pad_t_bottom)
            calculated_block_padding.append(manual_padding_tuple)
            f_in_padded = current_f_for_block_input + pad_f_left + pad_f_right
            f_out_after_conv = (f_in_padded - kernel_w) // stride_w + 1
            calculated_f_out_dims.append(f_out_after_conv)
            current_f_for_block_input = f_out_after_conv
        self.conv_0 = Gemma3nAudioSSCPConvBlock(idx=0, input_freq_dim=config.input_feat_size, config=config, manual_padding=calculated_block_padding[0])
        self.conv_1 = Gemma3nAudioSSCPConvBlock(idx=1, input_freq_dim=calculated_f_out_dims[0], config=config, manual_padding=calculated_block_padding[1])
        final_c_out = config.sscp_conv_channel_size[-1]
        final_f_out = calculated_f_out_dims[-1]
        self.input_proj_in_features = final_c_out * final_f_out
        self.input_proj_linear = nn.Linear(self.input_proj_in_features, self.config.hidden_size, bias=False)

class Gemma3nAudioConformerAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.post_in_features = self.config.hidden_size
        self.gradient_clipping = nn.Buffer(torch.tensor(self.config.gradient_clipping), persistent=False)
        self.pre_attn_norm = Gemma3nRMSNorm(self.config.hidden_size)
        self.attn = Gemma3nAudioAttention(config)
        self.post = nn.Linear(self.post_in_features, self.config.hidden_size, bias=False)
        self.post_norm = Gemma3nRMSNorm(self.config.hidden_size)

class Gemma3nAudioConformerFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.gradient_clipping = nn.Buffer(torch.tensor(self.config.gradient_clipping), persistent=False)
        self.pre_layer_norm = Gemma3nRMSNorm(self.config.hidden_size)
        self.ffw_layer_1 = nn.Linear(self.config.hidden_size, self.config.hidden_size * 4, bias=False)
        self.ffw_layer_2 = nn.Linear(self.config.hidden_size * 4, self.config.hidden_size, bias=False)
        self.post_layer_norm = Gemma3nRMSNorm(self.config.hidden_size)
        self.post_layer_scale = self.config.conf_residual_weight

class Gemma3nAudioConformerLightConv1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.pre_layer_norm = Gemma3nRMSNorm(self.config.hidden_size, eps=self.config.rms_norm_eps)
        self.linear_start = nn.Linear(self.config.hidden_size, self.config.hidden_size * 2, bias=False)
        self.depthwise_conv1d = nn.Conv1d(in_channels=self.config.hidden_size, out_channels=self.config.hidden_size, kernel_size=self.config.conf_conv_kernel_size, stride=1, padding=0, groups=self.config.hidden_size, bias=False)
        self.gradient_clipping = nn.Buffer(torch.tensor(self.config.gradient_clipping), persistent=False)
        self.conv_norm = Gemma3nRMSNorm(self.config.hidden_size, eps=self.config.rms_norm_eps)
        self.linear_end = nn.Linear(self.config.hidden_size, self.config.hidden_size, bias=False)
        self.causal_padding = self.config.conf_conv_kernel_size - 1

class Gemma3nAudioConformerBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.ffw_layer_start = Gemma3nAudioConformerFeedForward(self.config)
        self.attention = Gemma3nAudioConformerAttention(self.config)
        self.lconv1d = Gemma3nAudioConformerLightConv1d(self.config)
        self.ffw_layer_end = Gemma3nAudioConformerFeedForward(self.config)
        self.gradient_clipping = nn.Buffer(torch.tensor(self.config.gradient_clipping), persistent=False)
        self.norm = Gemma3nRMSNorm(self.config.hidden_size)

class Gemma3nTextScaledWordEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, embed_scale=1.0):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.scalar_embed_scale = embed_scale
        self.embed_scale = nn.Buffer(torch.tensor(embed_scale), persistent=False)

class Gemma3nTextLaurelBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.linear_left = nn.Linear(self.config.hidden_size, self.config.laurel_rank, bias=False)
        self.linear_right = nn.Linear(self.config.laurel_rank, self.config.hidden_size, bias=False)
        self.post_laurel_norm = Gemma3nRMSNorm(self.config.hidden_size, eps=self.config.rms_norm_eps)

class Gemma3nTextMLP(nn.Module):

    def __init__(self, config, layer_idx=0):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size[layer_idx]
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_activation]
        self.activation_sparsity = config.activation_sparsity_pattern[layer_idx]

class Gemma3nTextAltUp(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.correct_output_scale = nn.Parameter(torch.zeros(self.config.hidden_size))
        self.correction_coefs = nn.Linear(self.config.altup_num_inputs, self.config.altup_num_inputs, bias=False)
        self.prediction_coefs = nn.Linear(self.config.altup_num_inputs, self.config.altup_num_inputs ** 2, bias=False)
        self.modality_router = nn.Linear(self.config.hidden_size, self.config.altup_num_inputs, bias=False)
        self.router_norm = Gemma3nRMSNorm(self.config.hidden_size, eps=self.config.rms_norm_eps)
        self.router_input_scale = nn.Buffer(torch.tensor(self.config.hidden_size ** (-1.0)), persistent=False)

class Gemma3nTextAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
        self.is_sliding = self.layer_type == 'sliding_attention'
        self.sliding_window = config.sliding_window if self.is_sliding else None
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = 1.0
        self.attention_dropout = self.config.attention_dropout
        self.is_causal = True
        self.is_kv_shared_layer = config.kv_sharing_modes[layer_idx] == 'reuse'
        self.store_full_length_kv = config.kv_sharing_modes[layer_idx] == 'store'
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.q_norm = Gemma3nRMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)
        if not self.is_kv_shared_layer:
            self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
            self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
            self.k_norm = Gemma3nRMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)
            self.v_norm = Gemma3nRMSNorm(dim=config.head_dim, eps=config.rms_norm_eps, with_scale=False)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class Gemma3nTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.layer_idx = layer_idx
        self.self_attn = Gemma3nTextAttention(config, layer_idx)
        self.mlp = Gemma3nTextMLP(config, layer_idx=layer_idx)
        self.input_layernorm = Gemma3nRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = Gemma3nRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.pre_feedforward_layernorm = Gemma3nRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = Gemma3nRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.hidden_size_per_layer_input = config.hidden_size_per_layer_input
        self.act_fn = ACT2FN[config.hidden_activation]
        self.altup = Gemma3nTextAltUp(config)
        self.laurel = Gemma3nTextLaurelBlock(config)
        self.per_layer_input_gate = nn.Linear(self.hidden_size, self.hidden_size_per_layer_input, bias=False)
        self.per_layer_projection = nn.Linear(self.hidden_size_per_layer_input, self.hidden_size, bias=False)
        self.post_per_layer_input_norm = Gemma3nRMSNorm(self.hidden_size, eps=config.rms_norm_eps)

class Gemma3nPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Gemma3nAudioEncoder(Gemma3nPreTrainedModel):
    main_input_name = 'audio_mel'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.subsample_conv_projection = Gemma3nAudioSubSampleConvProjection(config)
        self.conformer = nn.ModuleList([Gemma3nAudioConformerBlock(config) for _ in range(config.conf_num_hidden_layers)])
        self.post_init()

class Gemma3nRotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.layer_types = sorted(set(config.layer_types))
        self.rope_type = {}
        for layer_type in self.layer_types:
            rope_params = self.config.rope_parameters[layer_type]
            if rope_params is None:
                continue
            self.rope_type[layer_type] = rope_params['rope_type']
            rope_init_fn = self.compute_default_rope_parameters
            if self.rope_type[layer_type] != 'default':
                rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type[layer_type]]
            curr_inv_freq, curr_attention_scaling = rope_init_fn(self.config, device, layer_type=layer_type)
            setattr(self, f'{layer_type}_inv_freq', nn.Buffer(curr_inv_freq, persistent=False))
            setattr(self, f'{layer_type}_original_inv_freq', nn.Buffer(curr_inv_freq.clone(), persistent=False))
            setattr(self, f'{layer_type}_attention_scaling', curr_attention_scaling)

    @staticmethod
    def compute_default_rope_parameters(config, device=None, layer_type=None, **kwargs):
        base = config.rope_parameters[layer_type]['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class Gemma3nTextModel(Gemma3nPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = Gemma3nTextScaledWordEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, embed_scale=self.config.hidden_size ** 0.5)
        self.layers = nn.ModuleList([Gemma3nTextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Gemma3nRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = Gemma3nRotaryEmbedding(config)
        self.gradient_checkpointing = False
        self.hidden_size = config.hidden_size
        self.hidden_size_per_layer_input = config.hidden_size_per_layer_input
        self.embed_tokens_per_layer = Gemma3nTextScaledWordEmbedding(config.vocab_size_per_layer_input, config.num_hidden_layers * config.hidden_size_per_layer_input, self.padding_idx, embed_scale=config.hidden_size_per_layer_input ** 0.5)
        self.per_layer_model_projection = nn.Linear(self.hidden_size, config.num_hidden_layers * config.hidden_size_per_layer_input, bias=False)
        self.per_layer_projection_norm = Gemma3nRMSNorm(config.hidden_size_per_layer_input, eps=config.rms_norm_eps)
        self.altup_projections = nn.ModuleList([nn.Linear(self.hidden_size, self.hidden_size, bias=False) for _ in range(1, self.config.altup_num_inputs)])
        self.altup_unembed_projections = nn.ModuleList([nn.Linear(self.hidden_size, self.hidden_size, bias=False) for _ in range(1, self.config.altup_num_inputs)])
        self.per_layer_projection_scale = nn.Buffer(torch.tensor(self.hidden_size ** (-0.5)), persistent=False)
        self.per_layer_input_scale = nn.Buffer(torch.rsqrt(torch.tensor(2.0)), persistent=False)
        self._keys_to_ignore_on_load_unexpected = []
        for i, layer in enumerate(self.layers):
            if layer.self_attn.is_kv_shared_layer:
                self._keys_to_ignore_on_load_unexpected.extend([f'layers.{i}.self_attn.{name}' for name in ('k_proj', 'v_proj', 'k_norm', 'v_norm')])
        self.post_init()

class Gemma3nForCausalLM(Gemma3nPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Gemma3nTextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

class Gemma3nMultimodalEmbedder(nn.Module):

    def __init__(self, multimodal_config, text_config):
        super().__init__()
        self.multimodal_hidden_size = multimodal_config.hidden_size
        self.eps = multimodal_config.rms_norm_eps
        self.vocab_offset = multimodal_config.vocab_offset
        self.vocab_size = multimodal_config.vocab_size
        self.text_hidden_size = text_config.hidden_size
        self.embedding = nn.Embedding(self.vocab_size, self.multimodal_hidden_size)
        self.hard_embedding_norm = Gemma3nRMSNorm(self.multimodal_hidden_size, eps=self.eps)
        self.soft_embedding_norm = Gemma3nRMSNorm(self.multimodal_hidden_size, eps=self.eps)
        self.embedding_projection = nn.Linear(self.multimodal_hidden_size, self.text_hidden_size, bias=False)
        self.embedding_post_projection_norm = Gemma3nRMSNorm(self.text_hidden_size, eps=self.eps, with_scale=False)

class Gemma3nModel(Gemma3nPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.vocab_size_per_layer_input = config.text_config.vocab_size_per_layer_input
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.embed_vision = Gemma3nMultimodalEmbedder(config.vision_config, config.text_config)
        self.embed_audio = Gemma3nMultimodalEmbedder(config.audio_config, config.text_config)
        self.post_init()

class Gemma3nForConditionalGeneration(Gemma3nPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Gemma3nModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
