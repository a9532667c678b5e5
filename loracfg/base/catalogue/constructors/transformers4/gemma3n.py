"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): gemma3n. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig, layer_type_validation
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS, rope_config_validation
from .common_modeling_utils import PreTrainedModel
from collections.abc import Sequence
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, requires_backends
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Foreign
import copy
import math
ImageNetInfo = Foreign('timm.data.ImageNetInfo')
infer_imagenet_subset = Foreign('timm.data.infer_imagenet_subset')

class Gemma3nTextConfig(PretrainedConfig):
    model_type = 'gemma3n_text'

    def __init__(self, vocab_size=262400, vocab_size_per_layer_input=262144, hidden_size=2048, hidden_size_per_layer_input=256, intermediate_size=16384, num_hidden_layers=35, num_attention_heads=8, num_key_value_heads=2, head_dim=256, hidden_activation='gelu_pytorch_tanh', max_position_embeddings=32768, initializer_range=0.02, rms_norm_eps=1e-06, use_cache=True, pad_token_id=0, eos_token_id=1, bos_token_id=2, rope_theta=1000000.0, rope_scaling=None, rope_local_base_freq=10000.0, attention_bias=False, attention_dropout=0.0, sliding_window=512, layer_types=None, final_logit_softcapping=30.0, altup_active_idx=0, altup_coef_clip=120.0, altup_correct_scale=True, altup_num_inputs=4, num_kv_shared_layers=15, laurel_rank=64, activation_sparsity_pattern=None, **kwargs):
        super().__init__(pad_token_id=pad_token_id, bos_token_id=bos_token_id, eos_token_id=eos_token_id, **kwargs)
        if isinstance(intermediate_size, Sequence) and (intsize_len := len(intermediate_size)) != num_hidden_layers:
            raise ValueError(f'intermediate_size must have an explicit intermediate size for every layer or one for all layers. Expected {num_hidden_layers} values but got {intsize_len}.')
        elif not isinstance(intermediate_size, Sequence):
            intermediate_size = [intermediate_size] * num_hidden_layers
        self.vocab_size = vocab_size
        self.vocab_size_per_layer_input = vocab_size_per_layer_input
        self.max_position_embeddings = max_position_embeddings
        self.hidden_size = hidden_size
        self.intermediate_size = intermediate_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.head_dim = head_dim
        self.num_key_value_heads = num_key_value_heads
        self.initializer_range = initializer_range
        self.rms_norm_eps = rms_norm_eps
        self.use_cache = use_cache
        self.rope_theta = rope_theta
        self.attention_bias = attention_bias
        self.attention_dropout = attention_dropout
        self.hidden_activation = hidden_activation
        self.sliding_window = sliding_window
        self.final_logit_softcapping = final_logit_softcapping
        self.layer_types = layer_types
        self.rope_local_base_freq = rope_local_base_freq
        self.rope_scaling = rope_scaling
        rope_config_validation(self)
        if layer_types is None:
            self.layer_types = ['full_attention' if (i + 1) % 5 == 0 else 'sliding_attention' for i in range(self.num_hidden_layers)]
        else:
            self.layer_types = layer_types
        layer_type_validation(self.layer_types, self.num_hidden_layers)
        self.hidden_size_per_layer_input = hidden_size_per_layer_input
        self.num_kv_shared_layers = num_kv_shared_layers
        self.altup_active_idx = altup_active_idx
        self.altup_coef_clip = altup_coef_clip
        self.altup_correct_scale = altup_correct_scale
        self.altup_num_inputs = altup_num_inputs
        self.laurel_rank = laurel_rank
        if activation_sparsity_pattern is None:
            num_sparse_layers = 10 if num_hidden_layers > 10 else 0
            activation_sparsity_pattern = [0.95] * num_sparse_layers + [0.0] * (num_hidden_layers - num_sparse_layers)
        if (len_asp := len(activation_sparsity_pattern)) != num_hidden_layers:
            raise ValueError(f'activation_sparsity_pattern must have an explicit activation sparsity value for every layer.Expected {num_hidden_layers} values but got {len_asp}.')
        self.activation_sparsity_pattern = activation_sparsity_pattern

class Gemma3nAudioConfig(PretrainedConfig):
    model_type = 'gemma3n_audio'

    def __init__(self, vocab_size=128, vocab_offset=262144 + 128, input_feat_size=128, hidden_size=1536, rms_norm_eps=1e-06, gradient_clipping=10000000000.0, conf_attention_chunk_size=12, conf_attention_context_left=13, conf_attention_context_right=0, conf_attention_logit_cap=50.0, conf_num_attention_heads=8, conf_num_hidden_layers=12, conf_conv_kernel_size=5, conf_reduction_factor=4, conf_residual_weight=0.5, sscp_conv_channel_size=(128, 32), sscp_conv_group_norm_eps=0.001, sscp_conv_kernel_size=((3, 3), (3, 3)), sscp_conv_stride_size=((2, 2), (2, 2)), **kwargs):
        super().__init__(**kwargs)
        self.input_feat_size = input_feat_size
        self.hidden_size = hidden_size
        self.rms_norm_eps = rms_norm_eps
        self.vocab_size = vocab_size
        self.vocab_offset = vocab_offset
        self.gradient_clipping = gradient_clipping
        self.conf_attention_chunk_size = conf_attention_chunk_size
        self.conf_attention_context_left = conf_attention_context_left
        self.conf_attention_context_right = conf_attention_context_right
        self.conf_attention_logit_cap = conf_attention_logit_cap
        self.conf_num_attention_heads = conf_num_attention_heads
        self.conf_num_hidden_layers = conf_num_hidden_layers
        self.conf_conv_kernel_size = conf_conv_kernel_size
        self.conf_reduction_factor = conf_reduction_factor
        self.conf_residual_weight = conf_residual_weight
        self.sscp_conv_channel_size = sscp_conv_channel_size
        self.sscp_conv_group_norm_eps = sscp_conv_group_norm_eps
        self.sscp_conv_kernel_size = sscp_conv_kernel_size
        self.sscp_conv_stride_size = sscp_conv_stride_size

class Gemma3nVisionConfig(PretrainedConfig):
    model_type = 'gemma3n_vision'

    def __init__(self, initializer_range=0.02, do_pooling=False, architecture='mobilenetv5_300m_enc', hidden_size=2048, vocab_size=128, vocab_offset=262144, rms_norm_eps=1e-06, model_args=None, **kwargs):
        super().__init__(**kwargs)
        self.architecture = architecture
        self.initializer_range = initializer_range
        self.do_pooling = do_pooling
        self.model_args = model_args
        self.hidden_size = hidden_size
        self.vocab_size = vocab_size
        self.vocab_offset = vocab_offset
        self.rms_norm_eps = rms_norm_eps

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
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

class Gemma3nConfig(PretrainedConfig):
    model_type = 'gemma3n'
    sub_configs = {'text_config': Gemma3nTextConfig, 'vision_config': Gemma3nVisionConfig, 'audio_config': Gemma3nAudioConfig}

    def __init__(self, text_config=None, vision_config=None, audio_config=None, audio_soft_tokens_per_image=188, vision_soft_tokens_per_image=256, boi_token_id=255999, eoi_token_id=262144, image_token_id=262145, boa_token_id=256000, eoa_token_id=262272, audio_token_id=262273, initializer_range=0.02, **kwargs):
        super().__init__(**kwargs)
        if isinstance(text_config, dict):
            text_config = Gemma3nTextConfig(**text_config)
        elif text_config is None:
            text_config = Gemma3nTextConfig()
        if isinstance(vision_config, dict):
            vision_config = Gemma3nVisionConfig(**vision_config)
        elif vision_config is None:
            vision_config = Gemma3nVisionConfig()
        if isinstance(audio_config, dict):
            audio_config = Gemma3nAudioConfig(**audio_config)
        elif audio_config is None:
            audio_config = Gemma3nAudioConfig()
        self.text_config = text_config
        self.vision_config = vision_config
        self.audio_config = audio_config
        self.audio_soft_tokens_per_image = audio_soft_tokens_per_image
        self.vision_soft_tokens_per_image = vision_soft_tokens_per_image
        self.boi_token_id = boi_token_id
        self.eoi_token_id = eoi_token_id
        self.image_token_id = image_token_id
        self.boa_token_id = boa_token_id
        self.eoa_token_id = eoa_token_id
        self.audio_token_id = audio_token_id
        self.initializer_range = initializer_range

class Gemma3nRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, with_scale=True):
        super().__init__()
        self.eps = eps
        self.with_scale = with_scale
        if self.with_scale:
            self.weight = nn.Parameter(torch.ones(dim))
        else:
            self.register_buffer('weight', torch.tensor(1.0), persistent=False)

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
        self.register_buffer('inv_timescales', inv_timescales.float().unsqueeze(0).unsqueeze(0), persistent=False)

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
        self.register_buffer('q_scale', (q_scale * r_softplus_0).clone().detach(), persistent=False)
        lower_causal_mask = torch.tril(torch.ones((self.context_size, self.chunk_size), dtype=torch.bool), diagonal=0).T
        upper_causal_mask = torch.tril(torch.ones((self.chunk_size, self.context_size), dtype=torch.bool), diagonal=self.max_past_horizon + self.max_future_horizon)
        local_causal_valid_mask = torch.ones((self.chunk_size, self.context_size), dtype=torch.bool)
        local_causal_valid_mask = local_causal_valid_mask * lower_causal_mask * upper_causal_mask
        self.register_buffer('local_causal_valid_mask', local_causal_valid_mask, persistent=False)
        self.register_buffer('softcap', torch.tensor(self.attention_logits_soft_cap).float(), persistent=False)

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
        self.register_buffer('gradient_clipping', torch.tensor(self.config.gradient_clipping), persistent=False)
        self.pre_attn_norm = Gemma3nRMSNorm(self.config.hidden_size)
        self.attn = Gemma3nAudioAttention(config)
        self.post = nn.Linear(self.post_in_features, self.config.hidden_size, bias=False)
        self.post_norm = Gemma3nRMSNorm(self.config.hidden_size)

class Gemma3nAudioConformerFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.register_buffer('gradient_clipping', torch.tensor(self.config.gradient_clipping), persistent=False)
        self.pre_layer_norm = Gemma3nRMSNorm(self.config.hidden_size)
        self.ffw_layer_1 = nn.Linear(self.config.hidden_size, self.config.hidden_size * 4, bias=False)
        self.ffw_layer_2 = nn.Linear(self.config.hidden_size * 4, self.config.hidden_size, bias=False)
        self.post_layer_norm = Gemma3nRMSNorm(self.config.hidden_size)
        self.post_layer_scale = torch.tensor(self.config.conf_residual_weight)

class Gemma3nAudioConformerLightConv1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.pre_layer_norm = Gemma3nRMSNorm(self.config.hidden_size, eps=self.config.rms_norm_eps)
        self.linear_start = nn.Linear(self.config.hidden_size, self.config.hidden_size * 2, bias=False)
        self.depthwise_conv1d = nn.Conv1d(in_channels=self.config.hidden_size, out_channels=self.config.hidden_size, kernel_size=self.config.conf_conv_kernel_size, stride=1, padding=0, groups=self.config.hidden_size, bias=False)
        self.register_buffer('gradient_clipping', torch.tensor(self.config.gradient_clipping), persistent=False)
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
        self.register_buffer('gradient_clipping', torch.tensor(self.config.gradient_clipping), persistent=False)
        self.norm = Gemma3nRMSNorm(self.config.hidden_size)

class Gemma3nAudioEncoder(PreTrainedModel):
    main_input_name = 'audio_mel'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.subsample_conv_projection = Gemma3nAudioSubSampleConvProjection(config)
        self.conformer = nn.ModuleList([Gemma3nAudioConformerBlock(config) for _ in range(config.conf_num_hidden_layers)])

class Gemma3nTextScaledWordEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, embed_scale=1.0):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.register_buffer('embed_scale', torch.tensor(embed_scale), persistent=False)

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
        self.register_buffer('router_input_scale', torch.tensor(self.config.hidden_size ** (-1.0)), persistent=False)

class Gemma3nTextRotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        if hasattr(config, 'rope_scaling') and isinstance(config.rope_scaling, dict):
            self.rope_type = config.rope_scaling.get('rope_type', config.rope_scaling.get('type'))
        else:
            self.rope_type = 'default'
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = self.rope_init_fn(self.config, device)
        self.register_buffer('inv_freq', inv_freq, persistent=False)
        self.original_inv_freq = self.inv_freq

class Gemma3nTextAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.is_sliding = config.layer_types[layer_idx] == 'sliding_attention'
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.attention_dropout = self.config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.sliding_window = config.sliding_window if self.is_sliding else None
        self.q_norm = Gemma3nRMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)
        self.k_norm = Gemma3nRMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)
        self.v_norm = Gemma3nRMSNorm(dim=config.head_dim, eps=config.rms_norm_eps, with_scale=False)
        first_kv_shared_layer_idx = self.config.num_hidden_layers - self.config.num_kv_shared_layers
        self.is_kv_shared_layer = layer_idx >= first_kv_shared_layer_idx > 0
        prev_layers = config.layer_types[:first_kv_shared_layer_idx]
        if self.is_kv_shared_layer:
            self.kv_shared_layer_index = len(prev_layers) - 1 - prev_layers[::-1].index(config.layer_types[layer_idx])
            self.store_full_length_kv = False
        else:
            self.kv_shared_layer_index = None
            self.store_full_length_kv = layer_idx == len(prev_layers) - 1 - prev_layers[::-1].index(config.layer_types[layer_idx])

class Gemma3nTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.layer_idx = layer_idx
        self.attention_type = config.layer_types[layer_idx]
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
    base_model_prefix = ''
    supports_gradient_checkpointing = True
    _no_split_modules = ['Gemma3nTextDecoderLayer']
    _can_compile_fullgraph = True

class Gemma3nTextModel(Gemma3nPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = Gemma3nTextScaledWordEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, embed_scale=self.config.hidden_size ** 0.5)
        self.layers = nn.ModuleList([Gemma3nTextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = Gemma3nRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = Gemma3nTextRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        config = copy.deepcopy(config)
        config.rope_theta = config.rope_local_base_freq
        config.rope_scaling = {'rope_type': 'default'}
        self.rotary_emb_local = Gemma3nTextRotaryEmbedding(config=config)
        self.hidden_size = config.hidden_size
        self.hidden_size_per_layer_input = config.hidden_size_per_layer_input
        self.embed_tokens_per_layer = Gemma3nTextScaledWordEmbedding(config.vocab_size_per_layer_input, config.num_hidden_layers * config.hidden_size_per_layer_input, self.padding_idx, embed_scale=config.hidden_size_per_layer_input ** 0.5)
        self.per_layer_model_projection = nn.Linear(self.hidden_size, config.num_hidden_layers * config.hidden_size_per_layer_input, bias=False)
        self.per_layer_projection_norm = Gemma3nRMSNorm(config.hidden_size_per_layer_input, eps=config.rms_norm_eps)
        self.altup_projections = nn.ModuleList([nn.Linear(self.hidden_size, self.hidden_size, bias=False) for _ in range(1, self.config.altup_num_inputs)])
        self.altup_unembed_projections = nn.ModuleList([nn.Linear(self.hidden_size, self.hidden_size, bias=False) for _ in range(1, self.config.altup_num_inputs)])
        self.register_buffer('per_layer_projection_scale', torch.tensor(self.hidden_size ** (-0.5)), persistent=False)
        self.register_buffer('per_layer_input_scale', torch.rsqrt(torch.tensor(2.0)), persistent=False)
        self.post_init()

class Gemma3nForCausalLM(Gemma3nPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']
    base_model_prefix = 'model'

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
        self.vision_tower = AutoModel.from_config(config=config.vision_config)
        self.vocab_size = config.text_config.vocab_size
        language_model = AutoModel.from_config(config=config.text_config)
        self.language_model = language_model
        self.pad_token_id = self.config.pad_token_id if self.config.pad_token_id is not None else -1
        self.vocab_size_per_layer_input = config.text_config.vocab_size_per_layer_input
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.embed_vision = Gemma3nMultimodalEmbedder(config.vision_config, config.text_config)
        self.embed_audio = Gemma3nMultimodalEmbedder(config.audio_config, config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_decoder(self):
        return self.language_model

class Gemma3nForConditionalGeneration(Gemma3nPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.model = Gemma3nModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def get_decoder(self):
        return self.model.get_decoder()

    @property
    def language_model(self):
        return self.model.language_model

    @property
    def vision_tower(self):
        return self.model.vision_tower

    @property
    def multi_modal_projector(self):
        raise AttributeError('Use embed_vision instead of multi_modal_projector.')

    @property
    def audio_tower(self):
        return self.model.audio_tower
