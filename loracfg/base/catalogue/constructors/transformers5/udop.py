"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): udop. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from copy import deepcopy
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import ABC, GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import collections

@strict
class UdopConfig(PreTrainedConfig):
    model_type = 'udop'
    attribute_map = {'hidden_size': 'd_model', 'num_attention_heads': 'num_heads', 'num_hidden_layers': 'num_layers'}
    vocab_size: int = 33201
    d_model: int = 1024
    d_kv: int = 64
    d_ff: int = 4096
    num_layers: int = 24
    num_decoder_layers: int | None = None
    num_heads: int = 16
    relative_attention_num_buckets: int = 32
    relative_attention_max_distance: int = 128
    relative_bias_args: list[dict] | None = None
    dropout_rate: float | int = 0.1
    layer_norm_epsilon: float = 1e-06
    initializer_factor: float = 1.0
    feed_forward_proj: str = 'relu'
    is_encoder_decoder: bool = True
    use_cache: bool = True
    pad_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    max_2d_position_embeddings: int = 1024
    image_size: int | list[int] | tuple[int, int] = 224
    patch_size: int | list[int] | tuple[int, int] = 16
    num_channels: int = 3
    is_decoder: bool = False
    add_cross_attention: bool = False
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        if self.relative_bias_args is None:
            self.relative_bias_args = [{'type': '1d'}, {'type': 'horizontal'}, {'type': 'vertical'}]
        self.num_decoder_layers = self.num_decoder_layers if self.num_decoder_layers is not None else self.num_layers
        act_info = self.feed_forward_proj.split('-')
        self.dense_act_fn = act_info[-1]
        self.is_gated_act = act_info[0] == 'gated'
        kwargs.pop('tie_word_embeddings', None)
        self.tie_word_embeddings = True
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        act_info = self.feed_forward_proj.split('-')
        if len(act_info) > 1 and act_info[0] != 'gated' or len(act_info) > 2:
            raise ValueError(f"`feed_forward_proj`: {self.feed_forward_proj} is not a valid activation function of the dense layer.Please make sure `feed_forward_proj` is of the format `gated-{{ACT_FN}}` or `{{ACT_FN}}`, e.g. 'gated-gelu' or 'relu'")

class UdopPatchEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        image_size, patch_size = (config.image_size, config.patch_size)
        num_channels, hidden_size = (config.num_channels, config.hidden_size)
        image_size = image_size if isinstance(image_size, collections.abc.Iterable) else (image_size, image_size)
        patch_size = patch_size if isinstance(patch_size, collections.abc.Iterable) else (patch_size, patch_size)
        num_patches = image_size[1] // patch_size[1] * (image_size[0] // patch_size[0])
        self.image_size = image_size
        self.patch_size = patch_size
        self.num_channels = num_channels
        self.num_patches = num_patches
        self.proj = nn.Conv2d(num_channels, hidden_size, kernel_size=patch_size, stride=patch_size)

class UdopLayerNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class UdopDenseActDense(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.wi = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.wo = nn.Linear(config.d_ff, config.d_model, bias=False)
        self.dropout = nn.Dropout(config.dropout_rate)
        self.act = ACT2FN[config.dense_act_fn]

class UdopDenseGatedActDense(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.wi_0 = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.wi_1 = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.wo = nn.Linear(config.d_ff, config.d_model, bias=False)
        self.dropout = nn.Dropout(config.dropout_rate)
        self.act = ACT2FN[config.dense_act_fn]

class UdopLayerFF(nn.Module):

    def __init__(self, config):
        super().__init__()
        if config.is_gated_act:
            self.DenseReluDense = UdopDenseGatedActDense(config)
        else:
            self.DenseReluDense = UdopDenseActDense(config)
        self.layer_norm = UdopLayerNorm(config.d_model, eps=config.layer_norm_epsilon)
        self.dropout = nn.Dropout(config.dropout_rate)

class UdopAttention(nn.Module):

    def __init__(self, config, has_relative_attention_bias=False, layer_idx=None, is_causal=False):
        super().__init__()
        self.config = config
        self.is_decoder = config.is_decoder
        self.is_causal = is_causal
        self.has_relative_attention_bias = has_relative_attention_bias
        self.relative_attention_num_buckets = config.relative_attention_num_buckets
        self.relative_attention_max_distance = config.relative_attention_max_distance
        self.d_model = config.d_model
        self.key_value_proj_dim = config.d_kv
        self.n_heads = config.num_heads
        self.dropout = config.dropout_rate
        self.inner_dim = self.n_heads * self.key_value_proj_dim
        self.scaling = 1.0
        self.layer_idx = layer_idx
        if layer_idx is None and self.is_decoder:
            pass
        self.q = nn.Linear(self.d_model, self.inner_dim, bias=False)
        self.k = nn.Linear(self.d_model, self.inner_dim, bias=False)
        self.v = nn.Linear(self.d_model, self.inner_dim, bias=False)
        self.o = nn.Linear(self.inner_dim, self.d_model, bias=False)
        if self.has_relative_attention_bias:
            self.relative_attention_bias = nn.Embedding(self.relative_attention_num_buckets, self.n_heads)
        self.gradient_checkpointing = False

class UdopLayerSelfAttention(nn.Module):

    def __init__(self, config, has_relative_attention_bias=False, layer_idx=None):
        super().__init__()
        self.SelfAttention = UdopAttention(config, has_relative_attention_bias=has_relative_attention_bias, layer_idx=layer_idx, is_causal=config.is_decoder)
        self.layer_norm = UdopLayerNorm(config.d_model, eps=config.layer_norm_epsilon)
        self.dropout = nn.Dropout(config.dropout_rate)

class UdopLayerCrossAttention(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.EncDecAttention = UdopAttention(config, has_relative_attention_bias=False, layer_idx=layer_idx, is_causal=False)
        self.layer_norm = UdopLayerNorm(config.d_model, eps=config.layer_norm_epsilon)
        self.dropout = nn.Dropout(config.dropout_rate)

class UdopBlock(GradientCheckpointingLayer):

    def __init__(self, config, has_relative_attention_bias=False, layer_idx=None):
        super().__init__()
        self.is_decoder = config.is_decoder
        self.layer = nn.ModuleList()
        self.layer.append(UdopLayerSelfAttention(config, has_relative_attention_bias=has_relative_attention_bias, layer_idx=layer_idx))
        if self.is_decoder:
            self.layer.append(UdopLayerCrossAttention(config, layer_idx=layer_idx))
        self.layer.append(UdopLayerFF(config))

class UdopPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'transformer'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = False
    _keep_in_fp32_modules = ['wo']

class UdopCellEmbeddings(nn.Module):

    def __init__(self, max_2d_position_embeddings=501, hidden_size=1024):
        super().__init__()
        self.max_2d_position_embeddings = max_2d_position_embeddings
        self.x_position_embeddings = nn.Embedding(max_2d_position_embeddings, hidden_size)
        self.y_position_embeddings = nn.Embedding(max_2d_position_embeddings, hidden_size)

class RelativePositionBiasBase(nn.Module, ABC):

    def __init__(self, num_heads=None, relative_attention_num_buckets=32, bidirectional=True, scaling_factor=1, max_distance=128, level='tokens', augmentation=False, prefix_bucket=False, expand=False):
        super().__init__()
        self.prefix_bucket = prefix_bucket
        self.augmentation = augmentation
        self.level = level
        self.max_distance = max_distance
        self.scaling_factor = scaling_factor
        self.bidirectional = bidirectional
        self.num_heads = num_heads
        self.expand = expand
        self.relative_attention_num_buckets = relative_attention_num_buckets
        extra_head = 2 if prefix_bucket and (not self.expand) else 0
        self.relative_attention_bias = nn.Embedding(self.relative_attention_num_buckets + extra_head, self.num_heads)

class RelativePositionBias1D(RelativePositionBiasBase):

    def __init__(self, scaling_factor=1, max_distance=128, **kwargs):
        super().__init__(scaling_factor=scaling_factor, max_distance=max_distance, **kwargs)

class RelativePositionBiasHorizontal(RelativePositionBiasBase):

    def __init__(self, scaling_factor=100, max_distance=100, **kwargs):
        super().__init__(scaling_factor=scaling_factor, max_distance=max_distance, **kwargs)

class RelativePositionBiasVertical(RelativePositionBiasBase):

    def __init__(self, scaling_factor=100, max_distance=100, **kwargs):
        super().__init__(scaling_factor=scaling_factor, max_distance=max_distance, **kwargs)

class RelativePositionBiasAggregated(nn.Module):

    def __init__(self, modules):
        super().__init__()
        self.biases = nn.ModuleList(modules)

BIAS_CLASSES = {'1d': RelativePositionBias1D, 'horizontal': RelativePositionBiasHorizontal, 'vertical': RelativePositionBiasVertical}

def create_relative_bias(config):
    bias_list = []
    if hasattr(config, 'relative_bias_args'):
        for bias_kwargs_org in config.relative_bias_args:
            bias_kwargs = deepcopy(bias_kwargs_org)
            bias_type = bias_kwargs.pop('type')
            model_num_heads = config.num_heads if hasattr(config, 'num_heads') else config.num_attention_heads
            if 'num_heads' in bias_kwargs:
                if bias_kwargs['num_heads'] != model_num_heads:
                    raise ValueError('Number of heads must match num of heads in the model')
            else:
                bias_kwargs['num_heads'] = model_num_heads
            bias_list.append(BIAS_CLASSES[bias_type](**bias_kwargs))
    return bias_list

class UdopStack(UdopPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.d_model)
        self.embed_patches = UdopPatchEmbeddings(config)
        self.is_decoder = config.is_decoder
        self.num_layers = config.num_layers
        self.block = nn.ModuleList([UdopBlock(config, has_relative_attention_bias=bool(i == 0), layer_idx=i) for i in range(self.num_layers)])
        self.final_layer_norm = UdopLayerNorm(config.d_model, eps=config.layer_norm_epsilon)
        self.dropout = nn.Dropout(config.dropout_rate)
        if not self.is_decoder:
            self.cell_2d_embedding = UdopCellEmbeddings(config.max_2d_position_embeddings, config.hidden_size)
        self.relative_bias = self._get_relative_bias(config)
        self.post_init()

    @staticmethod
    def _get_relative_bias(config):
        relative_bias_list = create_relative_bias(config)
        return RelativePositionBiasAggregated(relative_bias_list)

    def get_output_embeddings(self):
        return self.embed_tokens

class UdopModel(UdopPreTrainedModel):
    _tied_weights_keys = {'encoder.embed_tokens.weight': 'shared.weight', 'decoder.embed_tokens.weight': 'shared.weight', 'encoder.embed_patches.proj.weight': 'patch_embed.proj.weight', 'encoder.embed_patches.proj.bias': 'patch_embed.proj.bias'}

    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.d_model)
        self.patch_embed = UdopPatchEmbeddings(config)
        encoder_config = deepcopy(config)
        encoder_config.is_decoder = False
        encoder_config.use_cache = False
        self.encoder = UdopStack(encoder_config)
        decoder_config = deepcopy(config)
        decoder_config.is_decoder = True
        decoder_config.num_layers = config.num_decoder_layers
        self.decoder = UdopStack(decoder_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared

class UdopForConditionalGeneration(UdopPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'encoder.embed_tokens.weight': 'shared.weight', 'decoder.embed_tokens.weight': 'shared.weight', 'encoder.embed_patches.proj.weight': 'patch_embed.proj.weight', 'encoder.embed_patches.proj.bias': 'patch_embed.proj.bias', 'encoder.relative_bias.biases.0.relative_attention_bias.weight': 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight', 'decoder.relative_bias.biases.0.relative_attention_bias.weight': 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight', 'lm_head.weight': 'shared.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.d_model)
        self.patch_embed = UdopPatchEmbeddings(config)
        encoder_config = deepcopy(config)
        encoder_config.is_decoder = False
        encoder_config.use_cache = False
        self.encoder = UdopStack(encoder_config)
        decoder_config = deepcopy(config)
        decoder_config.is_decoder = True
        decoder_config.num_layers = config.num_decoder_layers
        self.decoder = UdopStack(decoder_config)
        self.lm_head = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared

class UdopEncoderModel(UdopPreTrainedModel):
    _tied_weights_keys = {'encoder.embed_tokens.weight': 'shared.weight', 'encoder.embed_patches.proj.weight': 'patch_embed.proj.weight', 'encoder.embed_patches.proj.bias': 'patch_embed.proj.bias', 'encoder.relative_bias.biases.0.relative_attention_bias.weight': 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.d_model)
        self.patch_embed = UdopPatchEmbeddings(config)
        encoder_config = deepcopy(config)
        encoder_config.is_decoder = False
        encoder_config.use_cache = False
        encoder_config.is_encoder_decoder = False
        self.encoder = UdopStack(encoder_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared
