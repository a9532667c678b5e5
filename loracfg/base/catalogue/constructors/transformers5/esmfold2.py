"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): esmfold2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
create_bidirectional_mask = Unknown('create_bidirectional_mask')
sliding_window_bidirectional_overlay = Unknown('sliding_window_bidirectional_overlay')

@strict
class EsmFold2AtomEncoderConfig(PreTrainedConfig):
    hidden_size: int | None = 128
    output_dim: int | None = 384
    num_hidden_layers: int | None = 3
    num_attention_heads: int | None = 4
    head_dim: int | None = None
    intermediate_size: int | None = 256
    spatial_rope_base_frequency: float | None = 20.0
    num_spatial_rope_pairs_per_axis: int | None = 2
    num_uid_rope_pairs: int | None = 10
    uid_rope_base_frequency: float | None = 10000.0

    def __post_init__(self, **kwargs):
        if self.head_dim is None:
            self.head_dim = self.hidden_size // self.num_attention_heads
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        super().validate_architecture()
        num_rope_pairs = 3 * self.num_spatial_rope_pairs_per_axis + self.num_uid_rope_pairs
        if num_rope_pairs > self.head_dim // 2:
            raise ValueError(f'The 3D rotary embedding needs {num_rope_pairs} frequency pairs, which exceeds the {self.head_dim // 2} available in a head of width {self.head_dim}.')

@strict
class EsmFold2DiffusionModuleConfig(PreTrainedConfig):
    sub_configs_defaults = {'atom_encoder': SubConfigSpec(config_class=EsmFold2AtomEncoderConfig, init_kwargs={'output_dim': 768})}
    sigma_data: float | None = 16.0
    hidden_size: int | None = 768
    fourier_dim: int | None = 256
    num_hidden_layers: int | None = 12
    num_attention_heads: int | None = 16
    head_dim: int | None = None
    intermediate_size: int | None = 1536
    pair_intermediate_size: int | None = 512
    atom_encoder: dict | EsmFold2AtomEncoderConfig | None = None

    def __post_init__(self, **kwargs):
        if self.head_dim is None:
            self.head_dim = self.hidden_size // self.num_attention_heads
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        super().validate_architecture()
        if self.atom_encoder.output_dim != self.hidden_size:
            raise ValueError(f'The atom_encoder.output_dim ({self.atom_encoder.output_dim}) is not the token width hidden_size ({self.hidden_size}).')

@strict
class EsmFold2StructureHeadConfig(PreTrainedConfig):
    sub_configs_defaults = {'diffusion_module': EsmFold2DiffusionModuleConfig}
    diffusion_module: dict | EsmFold2DiffusionModuleConfig | None = None
    num_distogram_bins: int | None = 128
    num_diffusion_samples: int | None = 8
    gamma_0: float | None = 0.605
    gamma_min: float | None = 1.107
    noise_scale: float | None = 0.0
    step_scale: float | None = 1.0
    inference_sigma_max_ratio: float | None = 160.0
    inference_sigma_min_ratio: float | None = 0.0004
    inference_exponent: float | None = 8.0
    inference_num_steps: int | None = 68
    inference_sigma_cap: float | None = 256.0

@strict
class EsmFold2ConfidenceHeadConfig(PreTrainedConfig):
    num_hidden_layers: int | None = 4
    num_plddt_bins: int | None = 50
    num_pde_bins: int | None = 64
    num_pae_bins: int | None = 64
    min_dist: float | None = 2.0
    max_dist: float | None = 52.0
    distogram_bins: int | None = 128
    eps: float | None = 1e-06

@strict
class EsmFold2MsaEncoderConfig(PreTrainedConfig):
    hidden_size: int | None = 128
    outer_hidden_size: int | None = 32
    num_hidden_layers: int | None = 4
    num_attention_heads: int | None = 8
    head_dim: int | None = 32
    intermediate_size: int | None = 512
    outer_product_chunk_size: int | None = None
    enabled: bool | None = True

@strict
class EsmFold2LmEncoderConfig(PreTrainedConfig):
    num_hidden_layers: int | None = 4
    lm_dropout: float | None = 0.25
    per_loop_lm_dropout: bool | None = True

@strict
class EsmFold2Config(PreTrainedConfig):
    model_type = 'esmfold2'
    sub_configs_defaults = {'esmc_config': SubConfigSpec(config_class=AutoConfig, model_type='esmc'), 'atom_encoder': EsmFold2AtomEncoderConfig, 'structure_head': EsmFold2StructureHeadConfig, 'confidence_head': EsmFold2ConfidenceHeadConfig, 'msa_encoder': EsmFold2MsaEncoderConfig, 'lm_encoder': EsmFold2LmEncoderConfig}
    hidden_size: int | None = 384
    pairwise_hidden_size: int | None = 256
    single_inputs_size: int | None = 451
    pair_transition_intermediate_size: int | None = 1024
    sliding_window: int | None = 128
    chunk_size: int | None = 64
    num_relative_residx_bins: int | None = 32
    num_relative_chain_bins: int | None = 2
    num_loops: int | None = 10
    num_res_types: int | None = 33
    max_atomic_number: int | None = 128
    char_vocab_size: int | None = 64
    max_chars: int | None = 4
    max_atoms_per_token: int | None = 23
    atom_feature_dim: int | None = None
    folding_trunk_num_hidden_layers: int | None = 24
    parcae_num_coda_layers: int | None = 2
    atom_encoder: dict | EsmFold2AtomEncoderConfig | None = None
    structure_head: dict | EsmFold2StructureHeadConfig | None = None
    confidence_head: dict | EsmFold2ConfidenceHeadConfig | None = None
    msa_encoder: dict | EsmFold2MsaEncoderConfig | None = None
    lm_encoder: dict | EsmFold2LmEncoderConfig | None = None
    esmc_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        if self.atom_feature_dim is None:
            self.atom_feature_dim = 3 + 1 + 1 + self.max_atomic_number + self.char_vocab_size * self.max_chars
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        super().validate_architecture()
        expected_output_dim = self.single_inputs_size - (2 * self.num_res_types + 1)
        if self.atom_encoder.output_dim != expected_output_dim:
            raise ValueError(f'The atom_encoder.output_dim ({self.atom_encoder.output_dim}) is not single_inputs_size ({self.single_inputs_size}) - (2 * num_res_types + 1) = {expected_output_dim}.')

class EsmFold2LayerNorm(nn.LayerNorm):
    pass

class EsmFold2RMSNorm(torch.nn.Module):

    def __init__(self, eps=1e-06):
        super().__init__()
        self.eps = eps

class EsmFold2Transition(nn.Module):

    def __init__(self, hidden_size, intermediate_size, chunk_size):
        super().__init__()
        self.norm = EsmFold2LayerNorm(hidden_size)
        self.mlp = EsmFold2SwiGLU(hidden_size, intermediate_size)
        self.chunk_size = chunk_size

class EsmFold2AdaptiveLayerNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-05):
        super().__init__()
        self.hidden_size = hidden_size
        self.eps = eps
        self.cond_norm = EsmFold2LayerNorm(self.hidden_size, eps=eps, bias=False)
        self.gate_proj = nn.Linear(self.hidden_size, self.hidden_size, bias=True)
        self.shift_proj = nn.Linear(self.hidden_size, self.hidden_size, bias=False)

class EsmFold2FourierEmbedding(nn.Module):

    def __init__(self, embedding_dim):
        super().__init__()
        self.frequencies = nn.Buffer(torch.randn(embedding_dim))
        self.phases = nn.Buffer(torch.randn(embedding_dim))

class EsmFold2SwiGLU(nn.Module):

    def __init__(self, hidden_size, intermediate_size):
        super().__init__()
        self.gate_up_proj = nn.Linear(hidden_size, 2 * intermediate_size, bias=False)
        self.down_proj = nn.Linear(intermediate_size, hidden_size, bias=False)
        self.activation_fn = ACT2FN['silu']

class EsmFold2AtomAttention(nn.Module):

    def __init__(self, config, atom_config):
        super().__init__()
        self.config = config
        self.head_dim = atom_config.head_dim
        self.scaling = self.head_dim ** (-0.5)
        self.num_key_value_groups = 1
        self.is_causal = False
        self.q_proj = nn.Linear(atom_config.hidden_size, atom_config.hidden_size, bias=False)
        self.k_proj = nn.Linear(atom_config.hidden_size, atom_config.hidden_size, bias=False)
        self.v_proj = nn.Linear(atom_config.hidden_size, atom_config.hidden_size, bias=False)
        self.o_proj = nn.Linear(atom_config.hidden_size, atom_config.hidden_size, bias=False)
        self.gate_proj = nn.Linear(atom_config.hidden_size, atom_config.hidden_size, bias=False)
        self.q_norm = EsmFold2RMSNorm()
        self.k_norm = EsmFold2RMSNorm()

class EsmFold2AtomLayer(GradientCheckpointingLayer):

    def __init__(self, config, atom_config):
        super().__init__()
        self.adaln_linear = nn.Linear(atom_config.hidden_size, 6 * atom_config.hidden_size, bias=False)
        self.self_attn = EsmFold2AtomAttention(config, atom_config)
        self.mlp = EsmFold2SwiGLU(atom_config.hidden_size, atom_config.intermediate_size)
        self.input_layernorm = EsmFold2RMSNorm()
        self.post_attention_layernorm = EsmFold2RMSNorm()

class EsmFold2RotaryEmbedding(nn.Module):

    def __init__(self, atom_config):
        super().__init__()
        self.num_spatial_pairs_per_axis = atom_config.num_spatial_rope_pairs_per_axis
        self.num_uid_pairs = atom_config.num_uid_rope_pairs
        self.spatial_rope_base_frequency = atom_config.spatial_rope_base_frequency
        self.uid_rope_base_frequency = atom_config.uid_rope_base_frequency
        self.num_inactive_channels = atom_config.head_dim // 2 - 3 * self.num_spatial_pairs_per_axis - self.num_uid_pairs

class EsmFold2AtomEncoder(nn.Module):

    def __init__(self, config, atom_config):
        super().__init__()
        self.char_feature_dim = config.char_vocab_size * config.max_chars
        self.atom_linear = nn.Linear(config.atom_feature_dim, atom_config.hidden_size, bias=False)
        self.atom_norm = EsmFold2LayerNorm(atom_config.hidden_size)
        self.config = config
        self.rotary_emb = EsmFold2RotaryEmbedding(atom_config)
        self.layers = nn.ModuleList([EsmFold2AtomLayer(config, atom_config) for _ in range(atom_config.num_hidden_layers)])
        self.atom_to_token_linear = nn.Linear(atom_config.hidden_size, atom_config.output_dim, bias=False)

    def build_attention_mask(self, atom_mask, atom_embeds):
        return create_bidirectional_mask(config=self.config, inputs_embeds=atom_embeds, attention_mask=atom_mask, and_mask_function=sliding_window_bidirectional_overlay(self.config.sliding_window // 2))

class EsmFold2AtomDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        diffusion_config = config.structure_head.diffusion_module
        atom_config = diffusion_config.atom_encoder
        self.token_to_atom_linear = nn.Linear(diffusion_config.hidden_size, atom_config.hidden_size, bias=False)
        self.layers = nn.ModuleList([EsmFold2AtomLayer(config, atom_config) for _ in range(atom_config.num_hidden_layers)])
        self.norm = EsmFold2LayerNorm(atom_config.hidden_size)
        self.output_linear = nn.Linear(atom_config.hidden_size, 3, bias=False)

class EsmFold2DiffusionAttention(nn.Module):

    def __init__(self, config, diffusion_config):
        super().__init__()
        self.config = config
        self.head_dim = diffusion_config.head_dim
        self.scaling = self.head_dim ** (-0.5)
        self.num_key_value_groups = 1
        self.is_causal = False
        self.q_proj = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=True)
        self.k_proj = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=False)
        self.v_proj = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=False)
        self.gate_proj = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=False)
        self.o_proj = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=False)

class EsmFold2DiffusionLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        diffusion_config = config.structure_head.diffusion_module
        self.input_layernorm = EsmFold2AdaptiveLayerNorm(diffusion_config.hidden_size)
        self.self_attn = EsmFold2DiffusionAttention(config, diffusion_config)
        self.attn_gate = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=True)
        self.post_attention_layernorm = EsmFold2AdaptiveLayerNorm(diffusion_config.hidden_size)
        self.mlp = EsmFold2SwiGLU(diffusion_config.hidden_size, diffusion_config.intermediate_size)
        self.mlp_gate = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=True)
        self.pair_norm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.pair_bias_proj = nn.Linear(config.pairwise_hidden_size, diffusion_config.num_attention_heads, bias=False)

class EsmFold2DiffusionTransformer(nn.Module):

    def __init__(self, config):
        super().__init__()
        diffusion_config = config.structure_head.diffusion_module
        self.layers = nn.ModuleList([EsmFold2DiffusionLayer(config) for _ in range(diffusion_config.num_hidden_layers)])

class EsmFold2DiffusionConditioning(nn.Module):

    def __init__(self, config):
        super().__init__()
        diffusion_config = config.structure_head.diffusion_module
        self.sigma_data = diffusion_config.sigma_data
        self.pair_input_norm = EsmFold2LayerNorm(2 * config.pairwise_hidden_size)
        self.pair_proj = nn.Linear(2 * config.pairwise_hidden_size, config.pairwise_hidden_size, bias=False)
        self.pair_transition_0 = EsmFold2Transition(config.pairwise_hidden_size, diffusion_config.pair_intermediate_size, chunk_size=None)
        self.pair_transition_1 = EsmFold2Transition(config.pairwise_hidden_size, diffusion_config.pair_intermediate_size, chunk_size=None)
        self.single_input_norm = EsmFold2LayerNorm(config.single_inputs_size)
        self.single_proj = nn.Linear(config.single_inputs_size, diffusion_config.hidden_size, bias=False)
        self.fourier = EsmFold2FourierEmbedding(diffusion_config.fourier_dim)
        self.noise_norm = EsmFold2LayerNorm(diffusion_config.fourier_dim)
        self.noise_proj = nn.Linear(diffusion_config.fourier_dim, diffusion_config.hidden_size, bias=False)
        self.single_transition_0 = EsmFold2Transition(diffusion_config.hidden_size, diffusion_config.intermediate_size, chunk_size=None)
        self.single_transition_1 = EsmFold2Transition(diffusion_config.hidden_size, diffusion_config.intermediate_size, chunk_size=None)

class EsmFold2DiffusionModule(nn.Module):

    def __init__(self, config):
        super().__init__()
        diffusion_config = config.structure_head.diffusion_module
        self.sigma_data = diffusion_config.sigma_data
        self.conditioning = EsmFold2DiffusionConditioning(config)
        self.coords_linear = nn.Linear(6, diffusion_config.atom_encoder.hidden_size, bias=False)
        self.atom_encoder = EsmFold2AtomEncoder(config, diffusion_config.atom_encoder)
        self.atom_decoder = EsmFold2AtomDecoder(config)
        self.single_to_token = nn.Linear(diffusion_config.hidden_size, diffusion_config.hidden_size, bias=False)
        self.token_transformer = EsmFold2DiffusionTransformer(config)
        self.single_step_norm = EsmFold2LayerNorm(diffusion_config.hidden_size)
        self.token_norm = EsmFold2LayerNorm(diffusion_config.hidden_size)

class EsmFold2RowAttentionPooling(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.attn_proj = nn.Linear(config.pairwise_hidden_size, 1, bias=False)
        self.out_proj = nn.Linear(config.pairwise_hidden_size, config.hidden_size, bias=False)

class EsmFold2RelativePositionEncoding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_relative_residx_bins = config.num_relative_residx_bins
        self.num_relative_chain_bins = config.num_relative_chain_bins
        num_residue_features = 2 * self.num_relative_residx_bins + 2
        num_token_features = 2 * self.num_relative_residx_bins + 2
        num_chain_features = 2 * self.num_relative_chain_bins + 2
        num_same_entity_features = 1
        num_features = num_residue_features + num_token_features + num_chain_features + num_same_entity_features
        self.embed = nn.Linear(num_features, config.pairwise_hidden_size, bias=False)

class EsmFold2SingleToPair(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.downproject = nn.Linear(config.pairwise_hidden_size, config.pairwise_hidden_size)
        self.output_fc1 = nn.Linear(2 * config.pairwise_hidden_size, config.pairwise_hidden_size)
        self.output_fc2 = nn.Linear(config.pairwise_hidden_size, config.pairwise_hidden_size)

class EsmFold2LanguageModelEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.single_to_pair = EsmFold2SingleToPair(config)
        self.pair_output_norm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.pair_input_norm = EsmFold2LayerNorm(config.esmc_config.hidden_size)
        self.pair_proj = nn.Linear(config.esmc_config.hidden_size, config.pairwise_hidden_size, bias=False)
        self.layer_weights = nn.Parameter(torch.zeros(config.esmc_config.num_hidden_layers + 1))

class EsmFold2TriangleMultiplicativeUpdate(nn.Module):

    def __init__(self, config, outgoing=True):
        super().__init__()
        self.dim = config.pairwise_hidden_size
        self.flow = 'outgoing' if outgoing else 'incoming'
        self.norm_start = EsmFold2LayerNorm(self.dim)
        self.norm_mix = EsmFold2LayerNorm(self.dim)
        self.proj_bundle = nn.Linear(self.dim, 4 * self.dim, bias=False)
        self.proj_emit = nn.Linear(self.dim, self.dim, bias=False)
        self.proj_gate = nn.Linear(self.dim, self.dim, bias=False)
        self.chunk_size = config.chunk_size

class EsmFold2PairUpdateLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.tri_mul_out = EsmFold2TriangleMultiplicativeUpdate(config, outgoing=True)
        self.tri_mul_in = EsmFold2TriangleMultiplicativeUpdate(config, outgoing=False)
        self.pair_transition = EsmFold2Transition(config.pairwise_hidden_size, config.pair_transition_intermediate_size, config.chunk_size)

class EsmFold2PairUpdateStack(nn.Module):

    def __init__(self, config, num_layers):
        super().__init__()
        self.layers = nn.ModuleList([EsmFold2PairUpdateLayer(config) for _ in range(num_layers)])

class EsmFold2OuterProductMean(nn.Module):

    def __init__(self, config):
        super().__init__()
        msa_config = config.msa_encoder
        self.hidden_size = msa_config.hidden_size
        self.outer_hidden_size = msa_config.outer_hidden_size
        self.chunk_size = msa_config.outer_product_chunk_size
        self.norm = EsmFold2LayerNorm(self.hidden_size)
        self.input_proj = nn.Linear(self.hidden_size, 2 * self.outer_hidden_size, bias=False)
        self.output_proj = nn.Linear(self.outer_hidden_size ** 2, config.pairwise_hidden_size, bias=True)

class EsmFold2MSAPairWeightedAveraging(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_attention_heads = config.msa_encoder.num_attention_heads
        self.head_dim = config.msa_encoder.head_dim
        inner_dim = self.num_attention_heads * self.head_dim
        self.norm_single = EsmFold2LayerNorm(config.msa_encoder.hidden_size)
        self.bias_norm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.bias_proj = nn.Linear(config.pairwise_hidden_size, self.num_attention_heads, bias=False)
        self.v_proj = nn.Linear(config.msa_encoder.hidden_size, inner_dim, bias=False)
        self.gate_proj = nn.Linear(config.msa_encoder.hidden_size, inner_dim, bias=False)
        self.o_proj = nn.Linear(inner_dim, config.msa_encoder.hidden_size, bias=False)

class EsmFold2ConfidenceInputEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.single_inputs_norm = EsmFold2LayerNorm(config.single_inputs_size)
        self.pair_norm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.single_to_pair = nn.Linear(config.single_inputs_size, config.pairwise_hidden_size, bias=False)
        self.single_to_pair_transpose = nn.Linear(config.single_inputs_size, config.pairwise_hidden_size, bias=False)
        self.single_to_pair_prod_in1 = nn.Linear(config.single_inputs_size, config.pairwise_hidden_size, bias=False)
        self.single_to_pair_prod_in2 = nn.Linear(config.single_inputs_size, config.pairwise_hidden_size, bias=False)
        self.single_to_pair_prod_out = nn.Linear(config.pairwise_hidden_size, config.pairwise_hidden_size, bias=False)

class EsmFold2ConfidenceHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.eps = config.confidence_head.eps
        self.boundaries = nn.Buffer(torch.linspace(config.confidence_head.min_dist, config.confidence_head.max_dist, config.confidence_head.distogram_bins - 1))
        self.dist_bin_pairwise_embed = nn.Embedding(config.confidence_head.distogram_bins, config.pairwise_hidden_size)
        self.input_embedder = EsmFold2ConfidenceInputEmbedder(config)
        self.row_attention_pooling = EsmFold2RowAttentionPooling(config)
        self.folding_trunk = EsmFold2PairUpdateStack(config, config.confidence_head.num_hidden_layers)
        self.plddt_layernorm = EsmFold2LayerNorm(config.hidden_size)
        self.plddt_weight = nn.Parameter(torch.zeros(config.max_atoms_per_token, config.hidden_size, config.confidence_head.num_plddt_bins))
        self.pae_layernorm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.pae_head = nn.Linear(config.pairwise_hidden_size, config.confidence_head.num_pae_bins, bias=False)
        self.pde_layernorm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.pde_head = nn.Linear(config.pairwise_hidden_size, config.confidence_head.num_pde_bins, bias=False)
        self.resolved_layernorm = EsmFold2LayerNorm(config.hidden_size)
        self.resolved_weight = nn.Parameter(torch.zeros(config.max_atoms_per_token, config.hidden_size, 2))

class EsmFold2MSAEncoderLayer(EsmFold2PairUpdateLayer):

    def __init__(self, config, updates_msa=True):
        super().__init__(config)
        self.updates_msa = updates_msa
        self.outer_product_mean = EsmFold2OuterProductMean(config)
        if updates_msa:
            self.msa_pair_weighted_averaging = EsmFold2MSAPairWeightedAveraging(config)
            self.msa_transition = EsmFold2Transition(config.msa_encoder.hidden_size, config.msa_encoder.intermediate_size, config.chunk_size)

class EsmFold2MSAEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed = nn.Linear(config.num_res_types + 2, config.msa_encoder.hidden_size, bias=False)
        self.project_inputs = nn.Linear(config.single_inputs_size, config.msa_encoder.hidden_size, bias=False)
        self.layers = nn.ModuleList([EsmFold2MSAEncoderLayer(config, updates_msa=i != config.msa_encoder.num_hidden_layers - 1) for i in range(config.msa_encoder.num_hidden_layers)])

class EsmFold2Parcae(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.input_norm = EsmFold2LayerNorm(config.pairwise_hidden_size)
        self.log_state_decay = nn.Parameter(torch.zeros(config.pairwise_hidden_size))
        self.log_delta = nn.Parameter(torch.empty(config.pairwise_hidden_size, dtype=torch.float32))
        self.input_matrix_continuous = nn.Parameter(torch.empty(config.pairwise_hidden_size, config.pairwise_hidden_size))
        self.out_proj = nn.Linear(config.pairwise_hidden_size, config.pairwise_hidden_size, bias=False)
        self.output_stack = EsmFold2PairUpdateStack(config, config.parcae_num_coda_layers)

class EsmFold2InputEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.atom_encoder = EsmFold2AtomEncoder(config, config.atom_encoder)
        self.pair_init_1 = nn.Linear(config.single_inputs_size, config.pairwise_hidden_size, bias=False)
        self.pair_init_2 = nn.Linear(config.single_inputs_size, config.pairwise_hidden_size, bias=False)
        self.rel_pos = EsmFold2RelativePositionEncoding(config)
        self.token_bonds = nn.Linear(1, config.pairwise_hidden_size, bias=False)

class EsmFold2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'esmfold2'
    main_input_name = 'token_index'
    supports_gradient_checkpointing = True
    _keep_in_fp32_modules_strict = ['fourier', 'norm.weight', 'norm.bias', 'norm_mix', 'norm_start', 'norm_single', 'boundaries', 'distogram_head']

class EsmFold2Model(EsmFold2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.input_embedder = EsmFold2InputEmbedder(config)
        self.language_model = EsmFold2LanguageModelEncoder(config)
        self.esmc = AutoModel.from_config(config.esmc_config)
        self.folding_trunk = EsmFold2PairUpdateStack(config, config.folding_trunk_num_hidden_layers)
        self.lm_encoder = EsmFold2PairUpdateStack(config, config.lm_encoder.num_hidden_layers)
        self.parcae = EsmFold2Parcae(config)
        self.structure_head = EsmFold2DiffusionModule(config)
        self.distogram_head = nn.Linear(config.pairwise_hidden_size, config.structure_head.num_distogram_bins, bias=True)
        self.confidence_head = EsmFold2ConfidenceHead(config)
        self.msa_encoder = EsmFold2MSAEncoder(config) if config.msa_encoder.enabled else None
        self.post_init()
