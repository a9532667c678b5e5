"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): vjepa2. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class VJEPA2Config(PretrainedConfig):
    model_type = 'vjepa2'

    def __init__(self, patch_size=16, crop_size=256, frames_per_clip=64, tubelet_size=2, hidden_size=1024, in_chans=3, num_attention_heads=16, num_hidden_layers=24, drop_path_rate=0.0, mlp_ratio=4.0, layer_norm_eps=1e-06, qkv_bias=True, attention_probs_dropout_prob=0.0, hidden_act='gelu', initializer_range=0.02, attention_dropout=0.0, num_pooler_layers=3, pred_hidden_size=384, pred_num_attention_heads=12, pred_num_hidden_layers=12, pred_num_mask_tokens=10, pred_zero_init_mask_tokens=True, pred_mlp_ratio=4.0, **kwargs):
        super().__init__(**kwargs)
        self.crop_size = crop_size
        self.frames_per_clip = frames_per_clip
        self.patch_size = patch_size
        self.tubelet_size = tubelet_size
        self.hidden_size = hidden_size
        self.in_chans = in_chans
        self.num_attention_heads = num_attention_heads
        self.num_hidden_layers = num_hidden_layers
        self.drop_path_rate = drop_path_rate
        self.mlp_ratio = mlp_ratio
        self.layer_norm_eps = layer_norm_eps
        self.qkv_bias = qkv_bias
        self.attention_probs_dropout_prob = attention_probs_dropout_prob
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        self.image_size = crop_size
        self.attention_dropout = attention_dropout
        self.num_pooler_layers = num_pooler_layers
        self.pred_hidden_size = pred_hidden_size
        self.pred_num_attention_heads = pred_num_attention_heads
        self.pred_num_hidden_layers = pred_num_hidden_layers
        self.pred_num_mask_tokens = pred_num_mask_tokens
        self.pred_zero_init_mask_tokens = pred_zero_init_mask_tokens
        self.pred_mlp_ratio = pred_mlp_ratio

class VJEPA2PatchEmbeddings3D(nn.Module):

    def __init__(self, config, hidden_size=1024):
        super().__init__()
        self.patch_size = config.patch_size
        self.tubelet_size = config.tubelet_size
        self.hidden_size = hidden_size
        self.proj = nn.Conv3d(in_channels=config.in_chans, out_channels=hidden_size, kernel_size=(config.tubelet_size, config.patch_size, config.patch_size), stride=(config.tubelet_size, config.patch_size, config.patch_size))

    @staticmethod
    def num_patches(config):
        return config.frames_per_clip // config.tubelet_size * (config.crop_size // config.patch_size) * (config.crop_size // config.patch_size)

class VJEPA2Embeddings(nn.Module):

    def __init__(self, config, hidden_size=1024):
        super().__init__()
        self.config = config
        self.hidden_size = hidden_size
        self.patch_embeddings = VJEPA2PatchEmbeddings3D(config, hidden_size=hidden_size)
        self.num_patches = self.patch_embeddings.num_patches
        self.patch_size = config.patch_size

class VJEPA2RopeAttention(nn.Module):

    def __init__(self, config, hidden_size=1024, num_attention_heads=16):
        super().__init__()
        self.config = config
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        if hidden_size % num_attention_heads != 0:
            raise ValueError(f'The hidden size {(hidden_size,)} is not a multiple of the number of attention heads {num_attention_heads}.')
        self.attention_head_size = int(hidden_size / num_attention_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        self.query = nn.Linear(hidden_size, self.all_head_size, bias=config.qkv_bias)
        self.key = nn.Linear(hidden_size, self.all_head_size, bias=config.qkv_bias)
        self.value = nn.Linear(hidden_size, self.all_head_size, bias=config.qkv_bias)
        self.proj = nn.Linear(hidden_size, hidden_size)
        self.dropout_prob = config.attention_probs_dropout_prob
        self.dropout = nn.Dropout(self.dropout_prob)
        self.grid_size = self.config.crop_size // self.config.patch_size
        self.grid_depth = self.config.frames_per_clip // self.config.tubelet_size
        self.d_dim = int(2 * (self.attention_head_size // 3 // 2))
        self.h_dim = int(2 * (self.attention_head_size // 3 // 2))
        self.w_dim = int(2 * (self.attention_head_size // 3 // 2))
        self.scaling = self.attention_head_size ** (-0.5)
        self.is_causal = False

class VJEPA2DropPath(nn.Module):

    def __init__(self, drop_prob=None):
        super().__init__()
        self.drop_prob = drop_prob

class VJEPA2MLP(nn.Module):

    def __init__(self, config, hidden_size=1024, mlp_ratio=4.0):
        super().__init__()
        in_features = out_features = hidden_size
        hidden_features = int(hidden_size * mlp_ratio)
        self.fc1 = nn.Linear(in_features, hidden_features, bias=True)
        self.activation = ACT2FN[config.hidden_act]
        self.fc2 = nn.Linear(hidden_features, out_features, bias=True)

class VJEPA2Layer(GradientCheckpointingLayer):

    def __init__(self, config, drop_path_rate=0.0, hidden_size=1024, num_attention_heads=16, mlp_ratio=4.0):
        super().__init__()
        self.config = config
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.mlp_ratio = mlp_ratio
        self.norm1 = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.attention = VJEPA2RopeAttention(config, hidden_size, num_attention_heads)
        self.drop_path = VJEPA2DropPath(drop_path_rate) if config.drop_path_rate > 0.0 else nn.Identity()
        self.norm2 = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.mlp = VJEPA2MLP(config, hidden_size=hidden_size, mlp_ratio=mlp_ratio)

class VJEPA2Encoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embeddings = VJEPA2Embeddings(config, hidden_size=config.hidden_size)
        drop_path_rates = [config.drop_path_rate * i / (config.num_hidden_layers - 1) if config.num_hidden_layers > 1 else 0.0 for i in range(config.num_hidden_layers)]
        self.layer = nn.ModuleList([VJEPA2Layer(config, drop_path_rate=drop_path_rates[i], hidden_size=config.hidden_size, num_attention_heads=config.num_attention_heads, mlp_ratio=config.mlp_ratio) for i in range(config.num_hidden_layers)])
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.gradient_checkpointing = False

class VJEPA2PredictorEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.predictor_embeddings = nn.Linear(config.hidden_size, config.pred_hidden_size)
        self.num_mask_tokens = 0
        self.zero_init_mask_tokens = config.pred_zero_init_mask_tokens
        self.num_mask_tokens = config.pred_num_mask_tokens
        self.mask_tokens = nn.Parameter(torch.zeros(self.num_mask_tokens, 1, 1, config.pred_hidden_size))
        self.patch_size = config.patch_size
        self.config = config

    @staticmethod
    def num_patches(config):
        if config.frames_per_clip > 1:
            return config.frames_per_clip // config.tubelet_size * (config.crop_size // config.patch_size) * (config.crop_size // config.patch_size)
        else:
            return config.crop_size // config.patch_size * (config.crop_size // config.patch_size)

class VJEPA2Predictor(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.gradient_checkpointing = False
        self.embeddings = VJEPA2PredictorEmbeddings(config)
        drop_path_rates = [config.drop_path_rate * i / (config.pred_num_hidden_layers - 1) if config.pred_num_hidden_layers > 1 else 0.0 for i in range(config.pred_num_hidden_layers)]
        self.layer = nn.ModuleList([VJEPA2Layer(config, drop_path_rate=drop_path_rates[i], hidden_size=config.pred_hidden_size, num_attention_heads=config.pred_num_attention_heads, mlp_ratio=config.pred_mlp_ratio) for i in range(config.pred_num_hidden_layers)])
        self.layernorm = nn.LayerNorm(config.pred_hidden_size, eps=config.layer_norm_eps)
        self.proj = nn.Linear(config.pred_hidden_size, config.hidden_size, bias=True)

class VJEPA2PoolerSelfAttention(nn.Module):

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
        self.is_causal = False
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)

class VJEPA2PoolerCrossAttention(nn.Module):

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
        self.is_causal = False
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)

class VJEPA2PoolerSelfAttentionLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.self_attn = VJEPA2PoolerSelfAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = VJEPA2MLP(config, hidden_size=config.hidden_size)

class VJEPA2PoolerCrossAttentionLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.cross_attn = VJEPA2PoolerCrossAttention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = VJEPA2MLP(config, hidden_size=config.hidden_size)

class VJEPA2AttentivePooler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.query_tokens = nn.Parameter(torch.zeros(1, 1, config.hidden_size))
        self.cross_attention_layer = VJEPA2PoolerCrossAttentionLayer(config)
        self.self_attention_layers = nn.ModuleList([VJEPA2PoolerSelfAttentionLayer(config) for _ in range(config.num_pooler_layers)])

class VJEPA2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'vjepa2'
    main_input_name = 'pixel_values_videos'
    supports_gradient_checkpointing = True
    _no_split_modules = ['VJEPA2Layer', 'VJEPA2PoolerSelfAttentionLayer', 'VJEPA2PoolerCrossAttentionLayer', 'VJEPA2PredictorEmbeddings']

class VJEPA2Model(VJEPA2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.encoder = VJEPA2Encoder(config)
        self.predictor = VJEPA2Predictor(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.encoder.embeddings.patch_embeddings

class VJEPA2ForVideoClassification(VJEPA2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.vjepa2 = VJEPA2Model(config)
        self.pooler = VJEPA2AttentivePooler(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels, bias=True)
        self.post_init()
