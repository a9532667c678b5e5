"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): bark. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel, get_parameter_device
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import math
flash_attn_supports_top_left_mask = Unknown('flash_attn_supports_top_left_mask')

class BarkSubModelConfig(PretrainedConfig):
    attribute_map = {'num_attention_heads': 'num_heads', 'num_hidden_layers': 'num_layers', 'vocab_size': 'input_vocab_size', 'window_size': 'block_size'}

    def __init__(self, block_size=1024, input_vocab_size=10048, output_vocab_size=10048, num_layers=12, num_heads=12, hidden_size=768, dropout=0.0, bias=True, initializer_range=0.02, use_cache=True, **kwargs):
        self.block_size = block_size
        self.input_vocab_size = input_vocab_size
        self.output_vocab_size = output_vocab_size
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.hidden_size = hidden_size
        self.dropout = dropout
        self.bias = bias
        self.use_cache = use_cache
        self.initializer_range = initializer_range
        super().__init__(**kwargs)

class BarkSemanticConfig(BarkSubModelConfig):
    model_type = 'semantic'

class BarkCoarseConfig(BarkSubModelConfig):
    model_type = 'coarse_acoustics'

class BarkFineConfig(BarkSubModelConfig):
    model_type = 'fine_acoustics'

    def __init__(self, tie_word_embeddings=True, n_codes_total=8, n_codes_given=1, **kwargs):
        self.n_codes_total = n_codes_total
        self.n_codes_given = n_codes_given
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)

class BarkConfig(PretrainedConfig):
    model_type = 'bark'
    sub_configs = {'semantic_config': BarkSemanticConfig, 'coarse_acoustics_config': BarkCoarseConfig, 'fine_acoustics_config': BarkFineConfig, 'codec_config': AutoConfig}

    def __init__(self, semantic_config=None, coarse_acoustics_config=None, fine_acoustics_config=None, codec_config=None, initializer_range=0.02, **kwargs):
        if semantic_config is None:
            semantic_config = {}
        if coarse_acoustics_config is None:
            coarse_acoustics_config = {}
        if fine_acoustics_config is None:
            fine_acoustics_config = {}
        if codec_config is None:
            codec_config = {}
        self.semantic_config = BarkSemanticConfig(**semantic_config)
        self.coarse_acoustics_config = BarkCoarseConfig(**coarse_acoustics_config)
        self.fine_acoustics_config = BarkFineConfig(**fine_acoustics_config)
        codec_model_type = codec_config.get('model_type', 'encodec')
        self.codec_config = CONFIG_MAPPING[codec_model_type](**codec_config)
        self.initializer_range = initializer_range
        super().__init__(**kwargs)

class BarkSelfAttention(nn.Module):

    def __init__(self, config, is_causal=False, layer_idx=None):
        super().__init__()
        self.dropout = config.dropout
        self.attn_dropout = nn.Dropout(config.dropout)
        self.resid_dropout = nn.Dropout(config.dropout)
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_heads
        self.head_dim = self.embed_dim // self.num_heads
        if config.hidden_size % config.num_heads != 0:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.att_proj = nn.Linear(config.hidden_size, 3 * config.hidden_size, bias=config.bias)
        self.out_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=config.bias)
        self.is_causal = is_causal
        self.layer_idx = layer_idx
        if is_causal:
            block_size = config.block_size
            bias = torch.tril(torch.ones((block_size, block_size), dtype=bool)).view(1, 1, block_size, block_size)
            self.register_buffer('bias', bias)

    def _attn(self, query, key, value, attention_mask=None, head_mask=None):
        attn_weights = torch.matmul(query, key.transpose(-1, -2)) * (1.0 / math.sqrt(self.head_dim))
        if self.is_causal:
            query_length, key_length = (query.size(-2), key.size(-2))
            attn_weights = attn_weights.masked_fill(self.bias[:, :, key_length - query_length:key_length, :key_length] == 0, torch.finfo(attn_weights.dtype).min)
        if attention_mask is not None:
            attn_weights = attn_weights + attention_mask
        attn_weights = nn.functional.softmax(attn_weights, dim=-1)
        attn_weights = attn_weights.to(value.dtype)
        attn_weights = self.attn_dropout(attn_weights)
        if head_mask is not None:
            attn_weights = attn_weights * head_mask
        attn_output = torch.matmul(attn_weights, value)
        return (attn_output, attn_weights)

class BarkSelfFlashAttention2(BarkSelfAttention):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._flash_attn_uses_top_left_mask = flash_attn_supports_top_left_mask()

BARK_ATTENTION_CLASSES = {'eager': BarkSelfAttention, 'flash_attention_2': BarkSelfFlashAttention2}

class BarkMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.in_proj = nn.Linear(config.hidden_size, 4 * config.hidden_size, bias=config.bias)
        self.out_proj = nn.Linear(4 * config.hidden_size, config.hidden_size, bias=config.bias)
        self.dropout = nn.Dropout(config.dropout)
        self.gelu = nn.GELU()

class BarkBlock(GradientCheckpointingLayer):

    def __init__(self, config, is_causal=False, layer_idx=None):
        super().__init__()
        if is_causal:
            self.layernorm_1 = nn.LayerNorm(config.hidden_size, bias=config.bias)
            self.layernorm_2 = nn.LayerNorm(config.hidden_size, bias=config.bias)
        else:
            self.layernorm_1 = nn.LayerNorm(config.hidden_size)
            self.layernorm_2 = nn.LayerNorm(config.hidden_size)
        self.attn = BARK_ATTENTION_CLASSES[config._attn_implementation](config, is_causal=is_causal, layer_idx=layer_idx)
        self.mlp = BarkMLP(config)

class BarkPreTrainedModel(PreTrainedModel):
    supports_gradient_checkpointing = False

    def __init__(self, *inputs, **kwargs):
        super().__init__(*inputs, **kwargs)

    @property
    def device(self):
        if not hasattr(self, '_hf_hook'):
            return get_parameter_device(self)
        for module in self.modules():
            if hasattr(module, '_hf_hook') and hasattr(module._hf_hook, 'execution_device') and (module._hf_hook.execution_device is not None):
                return torch.device(module._hf_hook.execution_device)
        return get_parameter_device(self)

class BarkCausalModel(BarkPreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.input_embeds_layer = nn.Embedding(config.input_vocab_size, config.hidden_size)
        self.position_embeds_layer = nn.Embedding(config.block_size, config.hidden_size)
        self.drop = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList([BarkBlock(config, is_causal=True, layer_idx=i) for i in range(config.num_layers)])
        self.layernorm_final = nn.LayerNorm(config.hidden_size, bias=config.bias)
        self.lm_head = nn.Linear(config.hidden_size, config.output_vocab_size, bias=False)
        self.gradient_checkpointing = False
        self.post_init()

    def get_output_embeddings(self):
        return None

    def get_input_embeddings(self):
        return self.input_embeds_layer

class BarkSemanticModel(BarkCausalModel):
    base_model_prefix = 'semantic'

class BarkCoarseModel(BarkCausalModel):
    base_model_prefix = 'coarse_acoustics'

class BarkFineModel(BarkPreTrainedModel):
    base_model_prefix = 'fine_acoustics'
    main_input_name = 'codebook_idx'

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.input_embeds_layers = nn.ModuleList([nn.Embedding(config.input_vocab_size, config.hidden_size) for _ in range(config.n_codes_total)])
        self.position_embeds_layer = nn.Embedding(config.block_size, config.hidden_size)
        self.drop = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList([BarkBlock(config, is_causal=False, layer_idx=i) for i in range(config.num_layers)])
        self.layernorm_final = nn.LayerNorm(config.hidden_size)
        self.lm_heads = nn.ModuleList([nn.Linear(config.hidden_size, config.output_vocab_size, bias=False) for _ in range(config.n_codes_given, config.n_codes_total)])
        self.gradient_checkpointing = False
        self.n_codes_total = config.n_codes_total
        self.post_init()

    def get_input_embeddings(self):
        return self.input_embeds_layers

    def get_output_embeddings(self):
        return self.lm_heads

    def _tie_weights(self):
        if getattr(self.config, 'tie_word_embeddings', True):
            self._tied_weights_keys = []
            output_embeddings = self.get_output_embeddings()
            input_embeddings = self.get_input_embeddings()
            for i in range(self.config.n_codes_total - self.config.n_codes_given):
                self._tie_or_clone_weights(output_embeddings[i], input_embeddings[i + 1])
                self._tied_weights_keys.append(f'lm_heads.{i}.weight')

    def tie_weights(self):
        for module in self.modules():
            if hasattr(module, '_tie_weights'):
                module._tie_weights()

class BarkModel(BarkPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.semantic = BarkSemanticModel(config.semantic_config)
        self.coarse_acoustics = BarkCoarseModel(config.coarse_acoustics_config)
        self.fine_acoustics = BarkFineModel(config.fine_acoustics_config)
        self.codec_model = AutoModel.from_config(config.codec_config)
        self.config = config

    @property
    def device(self):
        if not hasattr(self.semantic, '_hf_hook'):
            return get_parameter_device(self)
        for module in self.semantic.modules():
            if hasattr(module, '_hf_hook') and hasattr(module._hf_hook, 'execution_device') and (module._hf_hook.execution_device is not None):
                return torch.device(module._hf_hook.execution_device)

    def tie_weights(self):
        for module in self.modules():
            if hasattr(module, '_tie_weights'):
                module._tie_weights()
