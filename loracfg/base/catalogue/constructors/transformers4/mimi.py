"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): mimi. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .common_utils_generic import ModelOutput
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.records import dataclass
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
from typing import Optional, Union
import math
Cache = Unknown('Cache')
flash_attn_supports_top_left_mask = Unknown('flash_attn_supports_top_left_mask')

class MimiConfig(PretrainedConfig):
    model_type = 'mimi'

    def __init__(self, sampling_rate=24000, frame_rate=None, audio_channels=1, hidden_size=512, num_filters=64, num_residual_layers=1, upsampling_ratios=None, kernel_size=7, last_kernel_size=3, residual_kernel_size=3, dilation_growth_rate=2, use_causal_conv=True, pad_mode='constant', compress=2, trim_right_ratio=1.0, codebook_size=2048, codebook_dim=256, num_quantizers=32, use_conv_shortcut=False, vector_quantization_hidden_dimension=256, num_semantic_quantizers=1, upsample_groups=512, num_hidden_layers=8, intermediate_size=2048, num_attention_heads=8, num_key_value_heads=8, head_dim=None, hidden_act='gelu', max_position_embeddings=8000, initializer_range=0.02, norm_eps=1e-05, use_cache=False, use_streaming=False, rope_theta=10000.0, sliding_window=250, attention_dropout=0.0, layer_scale_initial_scale=0.01, attention_bias=False, **kwargs):
        self.sampling_rate = sampling_rate
        self.audio_channels = audio_channels
        self.hidden_size = hidden_size
        self.num_filters = num_filters
        self.num_residual_layers = num_residual_layers
        self.upsampling_ratios = upsampling_ratios if upsampling_ratios else [8, 6, 5, 4]
        self.kernel_size = kernel_size
        self.last_kernel_size = last_kernel_size
        self.residual_kernel_size = residual_kernel_size
        self.dilation_growth_rate = dilation_growth_rate
        self.use_causal_conv = use_causal_conv
        self.pad_mode = pad_mode
        self.compress = compress
        self.trim_right_ratio = trim_right_ratio
        self.codebook_size = codebook_size
        self.codebook_dim = codebook_dim if codebook_dim is not None else hidden_size
        self.num_quantizers = num_quantizers
        self.use_conv_shortcut = use_conv_shortcut
        self.vector_quantization_hidden_dimension = vector_quantization_hidden_dimension
        self.upsample_groups = upsample_groups
        self.num_hidden_layers = num_hidden_layers
        self.intermediate_size = intermediate_size
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads
        self.hidden_act = hidden_act
        self.max_position_embeddings = max_position_embeddings
        self.initializer_range = initializer_range
        self.norm_eps = norm_eps
        self.use_cache = use_cache
        self.use_streaming = use_streaming
        self.rope_theta = rope_theta
        self.sliding_window = sliding_window
        self.attention_dropout = attention_dropout
        self.head_dim = head_dim or hidden_size // num_attention_heads
        self.layer_scale_initial_scale = layer_scale_initial_scale
        self.attention_bias = attention_bias
        if frame_rate is not None:
            self._frame_rate = frame_rate
        else:
            self._frame_rate = None
        if num_semantic_quantizers >= self.num_quantizers:
            raise ValueError(f'The number of semantic quantizers should be lower than the total number of quantizers {self.num_quantizers}, but is currently {num_semantic_quantizers}.')
        self.num_semantic_quantizers = num_semantic_quantizers
        super().__init__(**kwargs)

    @property
    def encodec_frame_rate(self):
        hop_length = np.prod(self.upsampling_ratios)
        return math.ceil(self.sampling_rate / hop_length)

    @property
    def num_codebooks(self):
        return self.num_quantizers

    @property
    def frame_size(self):
        strides = [1]
        for ratio in reversed(self.upsampling_ratios):
            for j in range(self.num_residual_layers):
                len_kernel_sizes = len(self.residual_kernel_size) if isinstance(self.residual_kernel_size, list) else 1
                strides.extend([1] * (len_kernel_sizes + 1))
                if self.use_conv_shortcut:
                    strides.append(1)
            strides.append(ratio)
        strides.append(1)
        strides.append(2)
        return math.prod(strides)

    @property
    def frame_rate(self):
        if self._frame_rate is not None:
            return self._frame_rate
        return self.sampling_rate / self.frame_size

class MimiConv1dPaddingCache:

    def __init__(self, num_layers, per_layer_padding, per_layer_padding_mode, per_layer_in_channels):
        from_args_num_layers = {len(per_layer_padding), len(per_layer_padding_mode), len(per_layer_in_channels)}
        if len(from_args_num_layers) != 1 or from_args_num_layers.pop() != num_layers:
            raise ValueError(f'Expected `num_layers` ({num_layers}) values in `per_layer_padding`, `per_layer_padding_mode` and `per_layer_in_channels`')
        elif not all((mode in ['constant', 'replicate'] for mode in per_layer_padding_mode)):
            raise NotImplementedError('`padding_cache` is not supported for convolutions using other than `constant` or `replicate` padding mode')
        self.per_layer_padding = per_layer_padding
        self.per_layer_padding_mode = per_layer_padding_mode
        self.per_layer_in_channels = per_layer_in_channels
        self.per_layer_is_init = [True] * num_layers
        self.padding_cache = [None] * num_layers

    def update(self, hidden_states, layer_idx):
        batch_size, dtype, device = (hidden_states.shape[0], hidden_states.dtype, hidden_states.device)
        padding = self.per_layer_padding[layer_idx]
        padding_mode = self.per_layer_padding_mode[layer_idx]
        in_channels = self.per_layer_in_channels[layer_idx]
        if self.padding_cache[layer_idx] is None:
            if padding_mode == 'constant':
                current_cache = torch.zeros(batch_size, in_channels, padding, device=device, dtype=dtype)
            elif padding_mode == 'replicate':
                current_cache = torch.ones(batch_size, in_channels, padding, device=device, dtype=dtype) * hidden_states[..., :1]
        else:
            current_cache = self.padding_cache[layer_idx]
        if padding > 0:
            padding_states = hidden_states[:, :, -padding:]
        else:
            padding_states = torch.empty(batch_size, in_channels, padding, dtype=dtype, device=device)
        self.padding_cache[layer_idx] = padding_states
        return current_cache

@dataclass
class MimiEncoderOutput(ModelOutput):
    audio_codes: Optional[torch.LongTensor] = None
    encoder_past_key_values: Optional[Union[Cache, list[torch.FloatTensor]]] = None
    padding_cache: Optional[MimiConv1dPaddingCache] = None

@dataclass
class MimiDecoderOutput(ModelOutput):
    audio_values: Optional[torch.FloatTensor] = None
    decoder_past_key_values: Optional[Union[Cache, list[torch.FloatTensor]]] = None

class MimiConv1d(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride=1, dilation=1, groups=1, pad_mode=None, bias=True, layer_idx=None):
        super().__init__()
        self.causal = config.use_causal_conv
        self.pad_mode = config.pad_mode if pad_mode is None else pad_mode
        self.layer_idx = layer_idx
        self.in_channels = in_channels
        if stride > 1 and dilation > 1:
            pass
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size, stride, dilation=dilation, groups=groups, bias=bias)
        kernel_size = self.conv.kernel_size[0]
        stride = torch.tensor(self.conv.stride[0], dtype=torch.int64)
        dilation = self.conv.dilation[0]
        kernel_size = torch.tensor((kernel_size - 1) * dilation + 1, dtype=torch.int64)
        self.register_buffer('stride', stride, persistent=False)
        self.register_buffer('kernel_size', kernel_size, persistent=False)
        self.register_buffer('padding_total', kernel_size - stride, persistent=False)
        self.padding_right = self.padding_total // 2
        self.padding_left = self.padding_total - self.padding_right

class MimiConvTranspose1d(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride=1, groups=1, bias=True):
        super().__init__()
        self.causal = config.use_causal_conv
        self.trim_right_ratio = config.trim_right_ratio
        self.conv = nn.ConvTranspose1d(in_channels, out_channels, kernel_size, stride, groups=groups, bias=bias)
        if not (self.causal or self.trim_right_ratio == 1.0):
            raise ValueError('`trim_right_ratio` != 1.0 only makes sense for causal convolutions')
        kernel_size = self.conv.kernel_size[0]
        stride = self.conv.stride[0]
        padding_total = kernel_size - stride
        if self.causal:
            self.padding_right = math.ceil(padding_total * self.trim_right_ratio)
        else:
            self.padding_right = padding_total // 2
        self.padding_left = padding_total - self.padding_right

class MimiResnetBlock(nn.Module):

    def __init__(self, config, dim, dilations):
        super().__init__()
        kernel_sizes = (config.residual_kernel_size, 1)
        if len(kernel_sizes) != len(dilations):
            raise ValueError('Number of kernel sizes should match number of dilations')
        hidden = dim // config.compress
        block = []
        for i, (kernel_size, dilation) in enumerate(zip(kernel_sizes, dilations)):
            in_chs = dim if i == 0 else hidden
            out_chs = dim if i == len(kernel_sizes) - 1 else hidden
            block += [nn.ELU()]
            block += [MimiConv1d(config, in_chs, out_chs, kernel_size, dilation=dilation)]
        self.block = nn.ModuleList(block)
        if config.use_conv_shortcut:
            self.shortcut = MimiConv1d(config, dim, dim, kernel_size=1)
        else:
            self.shortcut = nn.Identity()

class MimiEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        model = [MimiConv1d(config, config.audio_channels, config.num_filters, config.kernel_size)]
        scaling = 1
        mimiconv1d_layer_names = ['layers.0']
        for ratio in reversed(config.upsampling_ratios):
            current_scale = scaling * config.num_filters
            for j in range(config.num_residual_layers):
                mimiconv1d_layer_names.extend([f'layers.{len(model)}.block.1', f'layers.{len(model)}.block.3'])
                model += [MimiResnetBlock(config, current_scale, [config.dilation_growth_rate ** j, 1])]
            model += [nn.ELU()]
            mimiconv1d_layer_names.append(f'layers.{len(model)}')
            model += [MimiConv1d(config, current_scale, current_scale * 2, kernel_size=ratio * 2, stride=ratio)]
            scaling *= 2
        model += [nn.ELU()]
        mimiconv1d_layer_names.append(f'layers.{len(model)}')
        model += [MimiConv1d(config, scaling * config.num_filters, config.hidden_size, config.last_kernel_size)]
        self.layers = nn.ModuleList(model)
        self._mimiconv1d_layer_names = mimiconv1d_layer_names
        for layer_idx, layername in enumerate(self._mimiconv1d_layer_names):
            conv_layer = self.get_submodule(layername)
            setattr(conv_layer, 'layer_idx', layer_idx)

class MimiLayerScale(nn.Module):

    def __init__(self, config):
        super().__init__()
        channels = config.hidden_size
        initial_scale = config.layer_scale_initial_scale
        self.scale = nn.Parameter(torch.full((channels,), initial_scale, requires_grad=True))

class MimiRotaryEmbedding(nn.Module):

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

class MimiMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

class MimiAttention(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        if layer_idx is None:
            pass
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = config.head_dim
        self.num_key_value_heads = config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.max_position_embeddings = config.max_position_embeddings
        self.rope_theta = config.rope_theta
        self.is_causal = True
        self.scaling = 1 / math.sqrt(config.head_dim)
        if self.hidden_size % self.num_heads != 0:
            raise ValueError(f'hidden_size must be divisible by num_heads (got `hidden_size`: {self.hidden_size} and `num_heads`: {self.num_heads}).')
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, self.hidden_size, bias=config.attention_bias)
        self.rotary_emb = MimiRotaryEmbedding(config)
        self.sliding_window = config.sliding_window

class MimiFlashAttention2(MimiAttention):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._flash_attn_uses_top_left_mask = flash_attn_supports_top_left_mask()

class MimiSdpaAttention(MimiAttention):
    pass

MIMI_ATTENTION_CLASSES = {'eager': MimiAttention, 'flash_attention_2': MimiFlashAttention2, 'sdpa': MimiSdpaAttention}

class MimiTransformerLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = MIMI_ATTENTION_CLASSES[config._attn_implementation](config=config, layer_idx=layer_idx)
        self.mlp = MimiMLP(config)
        self.input_layernorm = nn.LayerNorm(config.hidden_size, eps=config.norm_eps)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size, eps=config.norm_eps)
        self.self_attn_layer_scale = MimiLayerScale(config)
        self.mlp_layer_scale = MimiLayerScale(config)

class MimiTransformerModel(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([MimiTransformerLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self._attn_implementation = config._attn_implementation
        self.gradient_checkpointing = False
        self.config = config

class MimiDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        scaling = int(2 ** len(config.upsampling_ratios))
        model = [MimiConv1d(config, config.hidden_size, scaling * config.num_filters, config.kernel_size)]
        for ratio in config.upsampling_ratios:
            current_scale = scaling * config.num_filters
            model += [nn.ELU()]
            model += [MimiConvTranspose1d(config, current_scale, current_scale // 2, kernel_size=ratio * 2, stride=ratio)]
            for j in range(config.num_residual_layers):
                model += [MimiResnetBlock(config, current_scale // 2, (config.dilation_growth_rate ** j, 1))]
            scaling //= 2
        model += [nn.ELU()]
        model += [MimiConv1d(config, config.num_filters, config.audio_channels, config.last_kernel_size)]
        self.layers = nn.ModuleList(model)

class MimiEuclideanCodebook(nn.Module):

    def __init__(self, config, epsilon=1e-05):
        super().__init__()
        embed = torch.zeros(config.codebook_size, config.codebook_dim)
        self.codebook_size = config.codebook_size
        self.register_buffer('initialized', torch.tensor([True], dtype=torch.float32))
        self.register_buffer('cluster_usage', torch.ones(config.codebook_size))
        self.register_buffer('embed_sum', embed)
        self._embed = None
        self.epsilon = epsilon

    @property
    def embed(self):
        if self._embed is None:
            self._embed = self.embed_sum / self.cluster_usage.clamp(min=self.epsilon)[:, None]
        return self._embed

    def quantize(self, hidden_states):
        dists = torch.cdist(hidden_states[None].float(), self.embed[None].float(), p=2)[0]
        embed_ind = dists.argmin(dim=-1)
        return embed_ind

    def encode(self, hidden_states):
        shape = hidden_states.shape
        hidden_states = hidden_states.reshape((-1, shape[-1]))
        embed_ind = self.quantize(hidden_states)
        embed_ind = embed_ind.view(*shape[:-1])
        return embed_ind

    def decode(self, embed_ind):
        quantize = nn.functional.embedding(embed_ind, self.embed)
        return quantize

class MimiVectorQuantization(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.codebook = MimiEuclideanCodebook(config)

    def encode(self, hidden_states):
        hidden_states = hidden_states.permute(0, 2, 1)
        embed_in = self.codebook.encode(hidden_states)
        return embed_in

    def decode(self, embed_ind):
        quantize = self.codebook.decode(embed_ind)
        quantize = quantize.permute(0, 2, 1)
        return quantize

class MimiResidualVectorQuantizer(nn.Module):

    def __init__(self, config, num_quantizers=None):
        super().__init__()
        self.codebook_size = config.codebook_size
        self.frame_rate = config.frame_rate
        self.num_quantizers = num_quantizers if num_quantizers is not None else config.num_quantizers
        self.layers = nn.ModuleList([MimiVectorQuantization(config) for _ in range(self.num_quantizers)])
        self.input_proj = None
        self.output_proj = None
        if config.vector_quantization_hidden_dimension != config.hidden_size:
            self.input_proj = torch.nn.Conv1d(config.hidden_size, config.vector_quantization_hidden_dimension, 1, bias=False)
            self.output_proj = torch.nn.Conv1d(config.vector_quantization_hidden_dimension, config.hidden_size, 1, bias=False)

    def encode(self, embeddings, num_quantizers=None):
        if self.input_proj is not None:
            embeddings = self.input_proj(embeddings)
        num_quantizers = num_quantizers if num_quantizers is not None else self.num_quantizers
        residual = embeddings
        all_indices = []
        for layer in self.layers[:num_quantizers]:
            indices = layer.encode(residual)
            quantized = layer.decode(indices)
            residual = residual - quantized
            all_indices.append(indices)
        out_indices = torch.stack(all_indices)
        return out_indices

    def decode(self, codes):
        quantized_out = torch.tensor(0.0, device=codes.device)
        codes = codes.transpose(0, 1)
        for i, indices in enumerate(codes):
            layer = self.layers[i]
            quantized = layer.decode(indices)
            quantized_out = quantized_out + quantized
        if self.output_proj is not None:
            quantized_out = self.output_proj(quantized_out)
        return quantized_out

class MimiSplitResidualVectorQuantizer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.codebook_size = config.codebook_size
        self.frame_rate = config.frame_rate
        self.max_num_quantizers = config.num_quantizers
        self.num_semantic_quantizers = config.num_semantic_quantizers
        self.num_acoustic_quantizers = config.num_quantizers - config.num_semantic_quantizers
        self.semantic_residual_vector_quantizer = MimiResidualVectorQuantizer(config, self.num_semantic_quantizers)
        self.acoustic_residual_vector_quantizer = MimiResidualVectorQuantizer(config, self.num_acoustic_quantizers)

    def encode(self, embeddings, num_quantizers=None):
        num_quantizers = self.max_num_quantizers if num_quantizers is None else num_quantizers
        if num_quantizers > self.max_num_quantizers:
            raise ValueError(f'The number of quantizers (i.e codebooks) asked should be lower than the total number of quantizers {self.max_num_quantizers}, but is currently {num_quantizers}.')
        if num_quantizers < self.num_semantic_quantizers:
            raise ValueError(f'The number of quantizers (i.e codebooks) asked should be higher than the number of semantic quantizers {self.num_semantic_quantizers}, but is currently {num_quantizers}.')
        codes = self.semantic_residual_vector_quantizer.encode(embeddings)
        if num_quantizers > self.num_semantic_quantizers:
            acoustic_codes = self.acoustic_residual_vector_quantizer.encode(embeddings, num_quantizers=num_quantizers - self.num_semantic_quantizers)
            codes = torch.cat([codes, acoustic_codes], dim=0)
        return codes

    def decode(self, codes):
        quantized_out = self.semantic_residual_vector_quantizer.decode(codes[:, :self.num_semantic_quantizers])
        if codes.shape[1] > self.num_semantic_quantizers:
            quantized_out += self.acoustic_residual_vector_quantizer.decode(codes[:, self.num_semantic_quantizers:])
        return quantized_out

class MimiPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'mimi'
    main_input_name = 'input_values'
    supports_gradient_checkpointing = True
    _no_split_modules = ['MimiDecoderLayer']
    _can_compile_fullgraph = True

class MimiModel(MimiPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.encoder = MimiEncoder(config)
        self.encoder_transformer = MimiTransformerModel(config)
        self.downsample = None
        self.upsample = None
        if config.frame_rate != config.encodec_frame_rate:
            self.downsample = MimiConv1d(config, config.hidden_size, config.hidden_size, kernel_size=2 * int(config.encodec_frame_rate / config.frame_rate), stride=2, bias=False, pad_mode='replicate', layer_idx=len(self.encoder._mimiconv1d_layer_names))
            self.upsample = MimiConvTranspose1d(config, config.hidden_size, config.hidden_size, kernel_size=2 * int(config.encodec_frame_rate / config.frame_rate), stride=2, bias=False, groups=config.upsample_groups)
        self.decoder_transformer = MimiTransformerModel(config)
        self.decoder = MimiDecoder(config)
        self.quantizer = MimiSplitResidualVectorQuantizer(config)
        self.bits_per_codebook = int(math.log2(self.config.codebook_size))
        if 2 ** self.bits_per_codebook != self.config.codebook_size:
            raise ValueError('The codebook_size must be a power of 2.')
        self.post_init()

    def get_encoder(self):
        return self.encoder

    def _encode_frame(self, input_values, num_quantizers, padding_mask, past_key_values=None, padding_cache=None, return_dict=None):
        embeddings = self.encoder(input_values, padding_cache=padding_cache)
        encoder_outputs = self.encoder_transformer(embeddings.transpose(1, 2), past_key_values=past_key_values, return_dict=return_dict)
        if return_dict:
            past_key_values = encoder_outputs.get('past_key_values')
        elif len(encoder_outputs) > 1:
            past_key_values = encoder_outputs[1]
        embeddings = encoder_outputs[0].transpose(1, 2)
        embeddings = self.downsample(embeddings, padding_cache=padding_cache)
        codes = self.quantizer.encode(embeddings, num_quantizers)
        codes = codes.transpose(0, 1)
        return (codes, past_key_values, padding_cache)

    def encode(self, input_values, padding_mask=None, num_quantizers=None, encoder_past_key_values=None, padding_cache=None, use_streaming=None, return_dict=None):
        return_dict = return_dict if return_dict is not None else self.config.return_dict
        use_streaming = use_streaming if use_streaming is not None else self.config.use_streaming
        num_quantizers = self.config.num_quantizers if num_quantizers is None else num_quantizers
        if num_quantizers > self.config.num_quantizers:
            raise ValueError(f'The number of quantizers (i.e codebooks) asked should be lower than the total number of quantizers {self.config.num_quantizers}, but is currently {num_quantizers}.')
        _, channels, input_length = input_values.shape
        if channels < 1 or channels > 2:
            raise ValueError(f'Number of audio channels must be 1 or 2, but got {channels}')
        if padding_mask is None:
            padding_mask = torch.ones_like(input_values).bool()
        if use_streaming and padding_cache is None:
            per_layer_padding, per_layer_padding_mode, per_layer_in_channels = ([], [], [])
            for layer_name in self.encoder._mimiconv1d_layer_names:
                per_layer_padding.append(self.encoder.get_submodule(layer_name).padding_total)
                per_layer_padding_mode.append(self.encoder.get_submodule(layer_name).pad_mode)
                per_layer_in_channels.append(self.encoder.get_submodule(layer_name).in_channels)
            per_layer_padding.append(self.downsample.padding_total)
            per_layer_padding_mode.append(self.downsample.pad_mode)
            per_layer_in_channels.append(self.downsample.in_channels)
            padding_cache = MimiConv1dPaddingCache(num_layers=len(self.encoder._mimiconv1d_layer_names) + 1, per_layer_padding=per_layer_padding, per_layer_padding_mode=per_layer_padding_mode, per_layer_in_channels=per_layer_in_channels)
        encoded_frames, encoder_past_key_values, padding_cache = self._encode_frame(input_values, num_quantizers, padding_mask.bool(), past_key_values=encoder_past_key_values, padding_cache=padding_cache, return_dict=return_dict)
        if not return_dict:
            return (encoded_frames, encoder_past_key_values, padding_cache)
        return MimiEncoderOutput(encoded_frames, encoder_past_key_values, padding_cache)

    def _decode_frame(self, codes, past_key_values=None, return_dict=None):
        embeddings = self.quantizer.decode(codes)
        embeddings = self.upsample(embeddings)
        decoder_outputs = self.decoder_transformer(embeddings.transpose(1, 2), past_key_values=past_key_values, return_dict=return_dict)
        if return_dict:
            past_key_values = decoder_outputs.get('past_key_values')
        elif len(decoder_outputs) > 1:
            past_key_values = decoder_outputs[1]
        embeddings = decoder_outputs[0].transpose(1, 2)
        outputs = self.decoder(embeddings)
        return (outputs, past_key_values)

    def decode(self, audio_codes, padding_mask=None, decoder_past_key_values=None, return_dict=None):
        return_dict = return_dict if return_dict is not None else self.config.return_dict
        audio_values, decoder_past_key_values = self._decode_frame(audio_codes, past_key_values=decoder_past_key_values, return_dict=return_dict)
        if padding_mask is not None and padding_mask.shape[-1] < audio_values.shape[-1]:
            audio_values = audio_values[..., :padding_mask.shape[-1]]
        if not return_dict:
            return (audio_values, decoder_past_key_values)
        return MimiDecoderOutput(audio_values, decoder_past_key_values)
