"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): granite_docling. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class GraniteDoclingVisionConfig(PreTrainedConfig):
    model_type = 'granite_docling_vision'
    hidden_size: int = 768
    intermediate_size: int = 3072
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    num_channels: int = 3
    image_size: int | list[int] | tuple[int, int] = 512
    patch_size: int | list[int] | tuple[int, int] = 16
    hidden_act: str = 'gelu_pytorch_tanh'
    layer_norm_eps: float = 1e-06
    attention_dropout: float | int = 0.0
    initializer_range: float = 0.02
    out_hidden_size: int = 1024
    scale_factor: int = 4
    deepstack_visual_indexes: list[int] | None = None
    use_fine_route: bool = True

    def __post_init__(self, **kwargs):
        if self.deepstack_visual_indexes is None:
            self.deepstack_visual_indexes = [3, 7, 10]
        super().__post_init__(**kwargs)

@strict
class GraniteDoclingTextConfig(PreTrainedConfig):
    model_type = 'granite_docling_text'
    vocab_size: int = 133800
    hidden_size: int = 1024
    intermediate_size: int = 2048
    num_hidden_layers: int = 28
    num_attention_heads: int = 16
    num_key_value_heads: int | None = 4
    hidden_act: str = 'silu'
    max_position_embeddings: int = 32768
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    use_cache: bool = True
    pad_token_id: int | None = 100256
    bos_token_id: int | None = 100257
    eos_token_id: int | list[int] | None = 100257
    tie_word_embeddings: bool = True
    rope_parameters: RopeParameters | dict | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0
    mlp_bias: bool = False
    embedding_multiplier: float | int = 12.0
    logits_scaling: float | int = 4.0
    residual_multiplier: float | int = 0.263
    attention_multiplier: float | int = 0.015625

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

@strict
class GraniteDoclingConfig(PreTrainedConfig):
    model_type = 'granite_docling'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=GraniteDoclingTextConfig), 'vision_config': SubConfigSpec(config_class=GraniteDoclingVisionConfig)}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 100337
    tie_word_embeddings: bool = True
    use_cache: bool = True
    pad_token_id: int | None = 100256
    density_router_hidden_size: int | None = None
    density_router_threshold: float = 0.4
    density_router_loss_weight: float = 0.1

    def validate_architecture(self):
        if self.vision_config.out_hidden_size != self.text_config.hidden_size:
            raise ValueError(f'vision_config.out_hidden_size ({self.vision_config.out_hidden_size}) must equal text_config.hidden_size ({self.text_config.hidden_size}).')
        if self.density_router_hidden_size is not None and (not self.vision_config.use_fine_route):
            raise ValueError('The density router selects the fine connector path, it needs `vision_config.use_fine_route=True`.')

class GraniteDoclingTextAttention(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = config.attention_multiplier
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class GraniteDoclingTextRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class GraniteDoclingTextMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]

class GraniteDoclingTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = GraniteDoclingTextAttention(config=config, layer_idx=layer_idx)
        self.mlp = GraniteDoclingTextMLP(config)
        self.input_layernorm = GraniteDoclingTextRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = GraniteDoclingTextRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.residual_multiplier = config.residual_multiplier

class GraniteDoclingTextPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class GraniteDoclingTextRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        rope_init_fn = self.compute_default_rope_parameters
        if self.rope_type != 'default':
            rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)

    @staticmethod
    def compute_default_rope_parameters(config, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

class GraniteDoclingTextModel(GraniteDoclingTextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([GraniteDoclingTextDecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = GraniteDoclingTextRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = GraniteDoclingTextRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.embedding_multiplier = config.embedding_multiplier
        self.post_init()

def build_2d_sinusoidal_position_embedding(height, width, embed_dim=256, temperature=10000.0, cls_token=False, device=None, dtype=torch.float32):
    if embed_dim % 4 != 0:
        raise ValueError(f'`embed_dim` must be divisible by 4, got {embed_dim}')
    pos_dim = embed_dim // 4
    compute_dtype = torch.float64 if device is None or device.type != 'mps' else torch.float32
    omega = torch.arange(pos_dim, dtype=compute_dtype, device=device) / pos_dim
    omega = 1.0 / temperature ** omega
    grid_h = torch.arange(height, dtype=compute_dtype, device=device)
    grid_w = torch.arange(width, dtype=compute_dtype, device=device)
    grid_h, grid_w = torch.meshgrid(grid_h, grid_w, indexing='ij')
    emb_h = grid_h.flatten().outer(omega)
    emb_w = grid_w.flatten().outer(omega)
    pos_embed = torch.cat([emb_h.sin(), emb_h.cos(), emb_w.sin(), emb_w.cos()], dim=1)
    if cls_token:
        pos_embed = torch.cat([torch.zeros(1, embed_dim, dtype=compute_dtype, device=device), pos_embed], dim=0)
    return pos_embed.to(dtype)

class GraniteDoclingPositionEmbedding(nn.Module):

    def __init__(self, embed_dim, grid_size):
        super().__init__()
        self.embed_dim = embed_dim
        self.grid_size = grid_size
        self.pos_embed = nn.Buffer(self.build(embed_dim, grid_size), persistent=False)

    @staticmethod
    def build(embed_dim, grid_size):
        return build_2d_sinusoidal_position_embedding(grid_size, grid_size, embed_dim).roll(embed_dim // 2, -1)

class GraniteDoclingDeepStackMerger(nn.Module):

    def __init__(self, config, scale_factor):
        super().__init__()
        merged_dim = config.hidden_size * scale_factor ** 2
        self.layer_norm = nn.LayerNorm(merged_dim)
        self.linear_1 = nn.Linear(merged_dim, config.out_hidden_size)
        self.act = ACT2FN['gelu']
        self.linear_2 = nn.Linear(config.out_hidden_size, config.out_hidden_size)

class GraniteDoclingConnectorPath(nn.Module):

    def __init__(self, config, scale_factor):
        super().__init__()
        self.scale_factor = scale_factor
        tokens_per_side = config.image_size // config.patch_size
        self.projection = nn.Linear(config.hidden_size * scale_factor ** 2, config.out_hidden_size, bias=False)
        self.pos_embed = GraniteDoclingPositionEmbedding(config.out_hidden_size, tokens_per_side // scale_factor)
        self.deepstack_mergers = nn.ModuleList([GraniteDoclingDeepStackMerger(config, scale_factor) for _ in config.deepstack_visual_indexes])

    def pixel_shuffle(self, x, scale_factor=2):
        bsz, seq, embed_dim = x.size()
        height = width = int(seq ** 0.5)
        x = x.view(bsz, height, width, embed_dim)
        x = x.view(bsz, height, int(width / scale_factor), embed_dim * scale_factor)
        x = x.permute(0, 2, 1, 3)
        x = x.reshape(bsz, int(width / scale_factor), int(height / scale_factor), embed_dim * scale_factor ** 2)
        x = x.permute(0, 2, 1, 3)
        x = x.reshape(bsz, int(seq / scale_factor ** 2), embed_dim * scale_factor ** 2)
        return x

class GraniteDoclingConnector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.ln_in = nn.LayerNorm(config.hidden_size)
        self.coarse = GraniteDoclingConnectorPath(config, config.scale_factor)
        self.fine = GraniteDoclingConnectorPath(config, config.scale_factor // 2) if config.use_fine_route else None
        self.ln_mid = nn.LayerNorm(config.out_hidden_size)
        self.mlp_fc2 = nn.Linear(config.out_hidden_size, config.out_hidden_size, bias=False)
        self.ln_out = nn.LayerNorm(config.out_hidden_size)

class GraniteDoclingDensityRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        vision_hidden_size = config.vision_config.hidden_size
        self.att = nn.Linear(vision_hidden_size, 1)
        self.norm = nn.LayerNorm(vision_hidden_size)
        self.fc1 = nn.Linear(vision_hidden_size, config.density_router_hidden_size)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(config.density_router_hidden_size, 1)

class GraniteDoclingVisionEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.image_size = config.image_size
        self.patch_size = config.patch_size
        self.patch_embedding = nn.Conv2d(in_channels=config.num_channels, out_channels=self.embed_dim, kernel_size=self.patch_size, stride=self.patch_size, padding='valid')
        self.num_patches = (self.image_size // self.patch_size) ** 2
        self.num_positions = self.num_patches
        self.position_embedding = nn.Embedding(self.num_positions, self.embed_dim)
        self.position_ids = nn.Buffer(torch.arange(self.num_positions).expand((1, -1)), persistent=False)

class GraniteDoclingVisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.scale = self.head_dim ** (-0.5)
        self.dropout = config.attention_dropout
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.is_causal = False
        self.num_key_value_groups = 1

class GraniteDoclingPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['^mtp\\.']

class GraniteDoclingVisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class GraniteDoclingEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = GraniteDoclingVisionAttention(config)
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = GraniteDoclingVisionMLP(config)
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)

class GraniteDoclingEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList([GraniteDoclingEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.gradient_checkpointing = False

class GraniteDoclingVisionModel(GraniteDoclingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        embed_dim = config.hidden_size
        self.embeddings = GraniteDoclingVisionEmbeddings(config)
        self.encoder = GraniteDoclingEncoder(config)
        self.patch_size = config.patch_size
        self.post_layernorm = nn.LayerNorm(embed_dim, eps=config.layer_norm_eps)
        self.connector = GraniteDoclingConnector(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings

class GraniteDoclingModel(GraniteDoclingPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = self.config.text_config.pad_token_id
        self.vocab_size = self.config.text_config.vocab_size
        self.vision_model = GraniteDoclingVisionModel._from_config(config.vision_config)
        self.text_model = GraniteDoclingTextModel._from_config(config.text_config)
        self.density_router = None
        if config.density_router_hidden_size is not None:
            self.density_router = GraniteDoclingDensityRouter(config)
        self.image_seq_len = int((config.vision_config.image_size // config.vision_config.patch_size) ** 2 / config.vision_config.scale_factor ** 2)
        self.image_token_id = self.config.image_token_id
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()

class GraniteDoclingForConditionalGeneration(GraniteDoclingPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.text_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = GraniteDoclingModel(config)
        self.image_token_id = self.config.image_token_id
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.vocab_size = config.text_config.vocab_size
        self.post_init()

    def get_input_embeddings(self):
        return self.model.text_model.get_input_embeddings()
