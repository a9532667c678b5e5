"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): bark. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from .common_utils_generic import is_flash_attention_requested
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
flash_attn_supports_top_left_mask = Unknown('flash_attn_supports_top_left_mask')

@strict
class BarkSubModelConfig(PreTrainedConfig):
    attribute_map = {'num_attention_heads': 'num_heads', 'num_hidden_layers': 'num_layers', 'vocab_size': 'input_vocab_size', 'window_size': 'block_size'}
    block_size: int = 1024
    input_vocab_size: int = 10048
    output_vocab_size: int = 10048
    num_layers: int = 12
    num_heads: int = 12
    hidden_size: int = 768
    dropout: float | int = 0.0
    bias: bool = True
    initializer_range: float = 0.02
    use_cache: bool = True

@strict
class BarkSemanticConfig(BarkSubModelConfig):
    model_type = 'semantic'

@strict
class BarkCoarseConfig(BarkSubModelConfig):
    model_type = 'coarse_acoustics'

@strict
class BarkFineConfig(BarkSubModelConfig):
    model_type = 'fine_acoustics'
    tie_word_embeddings: bool = True
    n_codes_total: int = 8
    n_codes_given: int = 1

@strict
class BarkConfig(PreTrainedConfig):
    model_type = 'bark'
    sub_configs_defaults = {'semantic_config': BarkSemanticConfig, 'coarse_acoustics_config': BarkCoarseConfig, 'fine_acoustics_config': BarkFineConfig, 'codec_config': SubConfigSpec(config_class=AutoConfig, model_type='encodec')}
    semantic_config: dict | PreTrainedConfig | None = None
    coarse_acoustics_config: dict | PreTrainedConfig | None = None
    fine_acoustics_config: dict | PreTrainedConfig | None = None
    codec_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02

class BarkSelfAttention(nn.Module):

    def __init__(self, config, is_causal=False, layer_idx=None):
        super().__init__()
        self.dropout = config.dropout
        self.attn_dropout = nn.Dropout(config.dropout)
        self.resid_dropout = nn.Dropout(config.dropout)
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_heads
        self.head_dim = self.embed_dim // self.num_heads
        self.config = config
        if config.hidden_size % config.num_heads != 0:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.att_proj = nn.Linear(config.hidden_size, 3 * config.hidden_size, bias=config.bias)
        self.out_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=config.bias)
        self.is_causal = is_causal
        self.layer_idx = layer_idx
        if is_causal:
            block_size = config.block_size
            bias = torch.tril(torch.ones((block_size, block_size), dtype=bool)).view(1, 1, block_size, block_size)
            self.bias = nn.Buffer(bias)

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
        attn_implementation = 'flash_attention_2' if is_flash_attention_requested(config) else config._attn_implementation
        self.attn = BARK_ATTENTION_CLASSES[attn_implementation](config, is_causal=is_causal, layer_idx=layer_idx)
        self.mlp = BarkMLP(config)

class BarkPreTrainedModel(PreTrainedModel):
    supports_gradient_checkpointing = False

    @property
    def device(self):
        if not hasattr(self, '_hf_hook'):
            return super().device
        for module in self.modules():
            if hasattr(module, '_hf_hook') and hasattr(module._hf_hook, 'execution_device') and (module._hf_hook.execution_device is not None):
                return torch.device(module._hf_hook.execution_device)
        return super().device

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
        self._tied_weights_keys = {}
        for i in range(self.config.n_codes_total - self.config.n_codes_given):
            self._tied_weights_keys[f'lm_heads.{i}.weight'] = f'input_embeds_layers.{i + 1}.weight'
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

class BarkModel(BarkPreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.semantic = BarkSemanticModel(config.semantic_config)
        self.coarse_acoustics = BarkCoarseModel(config.coarse_acoustics_config)
        self.fine_acoustics = BarkFineModel(config.fine_acoustics_config)
        self.codec_model = AutoModel.from_config(config.codec_config)
        self.config = config
        self.post_init()

    @property
    def device(self):
        if not hasattr(self.semantic, '_hf_hook'):
            return super().device
        for module in self.semantic.modules():
            if hasattr(module, '_hf_hook') and hasattr(module._hf_hook, 'execution_device') and (module._hf_hook.execution_device is not None):
                return torch.device(module._hf_hook.execution_device)
