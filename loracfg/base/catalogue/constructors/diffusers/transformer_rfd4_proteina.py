"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_rfd4_proteina. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from functools import partial
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

CONDITION_KEYS = {'sequence': 'condition_sequence_1_residue', 'coordinates': 'condition_coordinate_1_atom', 'internal_coordinates': 'condition_InternalCoordinate_1_atom', 'coordinate_group': 'condition_CoordinateGroup_1_atom', 'rasa': 'condition_rasa-binned_1_atom', 'secondary_structure': 'condition_secondary-structure_1_residue', 'hbond': 'condition_hbond_1_atom', 'pistack': 'condition_pistack_1_atom', 'pication': 'condition_pication_1_atom', 'saltbridge': 'condition_saltbridge_1_atom', 'hydrophobic': 'condition_hydrophobic_1_atom', 'metal_coord': 'condition_metal-coord_1_atom', 'hotspot': 'condition_hotspot_1_atom', 'index_group': 'condition_index-group_1_token', 'cath': 'condition_cath-label_1_residue', 'centroid': 'condition_ChainCentroid_1_atom'}

SEQUENCE_PROBABILITY_TOKENS = 'ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL A C G U DA DC DG DT'.split()

NORMS = {'layer_norm': nn.LayerNorm, 'rms_norm': nn.RMSNorm}

def get_rfd4_time_embedding(values, width, max_positions=2000):
    values = values.float() * max_positions
    half = width // 2
    frequencies = torch.exp(torch.arange(half, dtype=torch.float32, device=values.device) * (-math.log(max_positions) / (half - 1)))
    result = torch.cat((torch.sin(values[:, None] * frequencies), torch.cos(values[:, None] * frequencies)), dim=-1)
    return F.pad(result, (0, width % 2))

def feature_dimensions(t_emb_dim, latent_dim, token_type_emb_dim, recycle_conditioning_dim, cath_emb_dim, seq_sep_dim, xt_pair_dist_dim):
    return {'time_emb_bb_ca': t_emb_dim, 'time_emb_local_latents': t_emb_dim, 'recycle_remaining': recycle_conditioning_dim, 'token_type': token_type_emb_dim, 'xt_bb_ca': 3, 'xt_local_latents': latent_dim, 'rasa_binned': 37, 'chain_centroid_xyz': 3, 'secondary_structure': 16, 'hbond_modernized': 74, 'pistack': 37, 'pication': 74, 'saltbridge': 37, 'hydrophobic': 37, 'metal_coord': 37, 'hotspot': 37, 'sequence_probabilities': 56, 'na_ss_state': 2, 'coord_group_seq': 37, 'atom_charge': 16, 'atomic_element': 16, 'chirality': 18, 'cond_a37coors_nm': 148, 'cond_a37coors_internal_nm': 148, 'token_bond_path_length': seq_sep_dim, 'xt_bb_ca_pair_dists': xt_pair_dist_dim, 'molecule_idx_pair': 1, 'molecule_entity_pair': 1, 'index_group_pair': 1, 'bond_mask': 1, 'bond_order': 5, 'is_aromatic': 1, 'na_ss_pair': 2, 'canonical_polymer_ordering': 1, 'cath_code': cath_emb_dim * 3}

def _zeros(features, dim, pair=False):
    mask = features['padding_mask']
    shape = (*mask.shape, mask.shape[-1], dim) if pair else (*mask.shape, dim)
    return torch.zeros(shape, device=mask.device)

def _time_embedding_bb_ca(features, dim):
    return get_rfd4_time_embedding(features['t']['bb_ca'], dim)

def _time_embedding_local_latents(features, dim):
    return get_rfd4_time_embedding(features['t']['local_latents'], dim)

def _recycle_remaining(features, dim):
    mask = features['padding_mask']
    remaining = features.get('recycle_remaining')
    if remaining is None:
        return torch.zeros((mask.shape[0], dim), device=mask.device)
    index = torch.full((mask.shape[0],), min(int(remaining), dim - 1), device=mask.device)
    return F.one_hot(index.long(), dim).float()

def _xt_bb_ca(features, dim):
    return features['x_t']['bb_ca']

def _xt_local_latents(features, dim):
    return features['x_t']['local_latents']

def _cond_a37coors_nm(features, dim):
    values = features.get(CONDITION_KEYS['coordinates'])
    if values is None:
        return _zeros(features, dim)
    mask = torch.isfinite(values).any(dim=-1)
    coords = torch.nan_to_num(values) / 10.0 * mask[..., None]
    return torch.cat((coords.flatten(2), mask.float()), dim=-1)

def _cond_a37coors_internal_nm(features, dim):
    values = features.get(CONDITION_KEYS['internal_coordinates'])
    groups = features.get(CONDITION_KEYS['coordinate_group'])
    if values is None or groups is None:
        return _zeros(features, dim)
    mask = (groups != -1) & (groups != 0)
    coords = torch.nan_to_num(values) / 10.0 * mask[..., None]
    return torch.cat((coords.flatten(2), mask.float()), dim=-1)

def _rasa_binned(features, dim):
    values = features.get(CONDITION_KEYS['rasa'])
    return _zeros(features, dim) if values is None else values.float() * features['atom37_mask'].float()

def _chain_centroid_xyz(features, dim):
    values = features.get(CONDITION_KEYS['centroid'])
    if values is None:
        return _zeros(features, dim)
    finite = torch.isfinite(values).all(dim=-1, keepdim=True)
    return torch.where(finite, values.float() / 10.0, torch.zeros_like(values, dtype=torch.float32))

def _atom_condition(features, dim, name, categorical=False, required=True):
    value = features.get(CONDITION_KEYS[name])
    if value is None:
        if required:
            raise KeyError(f'required conditioning annotation for {name} is missing')
        return _zeros(features, dim)
    mask = features['atom37_mask'].float()
    if name in {'hbond', 'pication'}:
        first = ((value == 1) | (value == 3)).float() * mask
        second = ((value == 2) | (value == 3)).float() * mask
        return torch.cat((first, second), dim=-1)
    return ((value != 0).float() if categorical else value.float()) * mask

def _hbond_modernized(features, dim):
    return _atom_condition(features, dim, 'hbond')

def _pistack(features, dim):
    return _atom_condition(features, dim, 'pistack')

def _pication(features, dim):
    return _atom_condition(features, dim, 'pication')

def _saltbridge(features, dim):
    return _atom_condition(features, dim, 'saltbridge', categorical=True)

def _hydrophobic(features, dim):
    return _atom_condition(features, dim, 'hydrophobic')

def _metal_coord(features, dim):
    return _atom_condition(features, dim, 'metal_coord', categorical=True)

def _hotspot(features, dim):
    return _atom_condition(features, dim, 'hotspot', required=False)

def _sequence_probabilities(features, dim):
    by_token = {}
    for key, value in features.items():
        if 'sequence-probability' in key and key.endswith('_1_residue'):
            by_token.setdefault(key.rsplit('-', 1)[-1].removesuffix('_1_residue'), value)
    missing = torch.full(features['padding_mask'].shape, torch.nan, device=features['padding_mask'].device)
    probabilities = torch.stack([by_token.get(token, missing) for token in SEQUENCE_PROBABILITY_TOKENS], dim=-1).float()
    present = ~probabilities.isnan()
    return torch.cat((probabilities.masked_fill(~present, 0), present.float()), dim=-1)

def _na_ss_state(features, dim):
    if 'na_ss_state' not in features:
        return _zeros(features, dim)
    return torch.stack((features['na_ss_state'].float(), features['na_ss_state_mask'].float()), dim=-1)

def _coord_group_seq(features, dim):
    values = features.get('_prepared_coord_group_seq')
    return _zeros(features, dim) if values is None else values

def _chirality(features, dim):
    return features['chirality'].float() if 'chirality' in features else _zeros(features, dim)

def _token_bond_path_length(features, dim):
    return F.one_hot(features['token_bond_path_length'].long().clamp(0, dim - 1), dim).float()

def _pair_match(values):
    return (values[:, :, None] == values[:, None, :]).float().unsqueeze(-1)

def _molecule_idx_pair(features, dim):
    return _pair_match(features['molecule_iid'])

def _molecule_entity_pair(features, dim):
    return _pair_match(features['molecule_entity_id'])

def _index_group_pair(features, dim):
    return _pair_match(features.get(CONDITION_KEYS['index_group']))

def _pair_values(features, name, dim):
    return features[name] if name in features else _zeros(features, dim, pair=True)[..., 0]

def _bond_mask(features, dim):
    return _pair_values(features, 'bond_mask', dim).float().unsqueeze(-1)

def _is_aromatic(features, dim):
    return _pair_values(features, 'is_aromatic', dim).float().unsqueeze(-1)

def _canonical_polymer_ordering(features, dim):
    return _pair_values(features, 'canonical_polymer_ordering', dim).float().unsqueeze(-1)

def _bond_order(features, dim):
    return F.one_hot(_pair_values(features, 'bond_order', dim).long().clamp(0, 4), 5).float()

def _na_ss_pair(features, dim):
    if 'na_ss_pair' not in features:
        return _zeros(features, dim, pair=True)
    return torch.stack((features['na_ss_pair'].float(), features['na_ss_pair_mask'].float()), dim=-1)

FEATURE_FUNCTIONS = {'time_emb_bb_ca': _time_embedding_bb_ca, 'time_emb_local_latents': _time_embedding_local_latents, 'recycle_remaining': _recycle_remaining, 'xt_bb_ca': _xt_bb_ca, 'xt_local_latents': _xt_local_latents, 'cond_a37coors_nm': _cond_a37coors_nm, 'cond_a37coors_internal_nm': _cond_a37coors_internal_nm, 'rasa_binned': _rasa_binned, 'chain_centroid_xyz': _chain_centroid_xyz, 'hbond_modernized': _hbond_modernized, 'pistack': _pistack, 'pication': _pication, 'saltbridge': _saltbridge, 'hydrophobic': _hydrophobic, 'metal_coord': _metal_coord, 'hotspot': _hotspot, 'sequence_probabilities': _sequence_probabilities, 'na_ss_state': _na_ss_state, 'coord_group_seq': _coord_group_seq, 'chirality': _chirality, 'token_bond_path_length': _token_bond_path_length, 'molecule_idx_pair': _molecule_idx_pair, 'molecule_entity_pair': _molecule_entity_pair, 'index_group_pair': _index_group_pair, 'bond_mask': _bond_mask, 'is_aromatic': _is_aromatic, 'canonical_polymer_ordering': _canonical_polymer_ordering, 'bond_order': _bond_order, 'na_ss_pair': _na_ss_pair}

class _TokenTypeEmbedding(nn.Embedding):

    def __init__(self, dim, num_token_types, **kwargs):
        super().__init__(num_token_types, dim)

class _SecondaryStructureEmbedding(nn.Embedding):

    def __init__(self, dim, **kwargs):
        super().__init__(4, dim, padding_idx=0)

class _AtomChargeEmbedding(nn.Embedding):

    def __init__(self, dim, **kwargs):
        super().__init__(11, dim)

class _AtomicElementEmbedding(nn.Embedding):

    def __init__(self, dim, **kwargs):
        super().__init__(128, dim)

class _CathEmbedding(nn.Module):

    def __init__(self, dim, cath_emb_dim, **kwargs):
        super().__init__()
        self.dim = dim
        self.c = nn.Embedding(6, cath_emb_dim)
        self.a = nn.Embedding(44, cath_emb_dim)
        self.t = nn.Embedding(1473, cath_emb_dim)

class _PairDistances(nn.Module):

    def __init__(self, dim, xt_pair_dist_min, xt_pair_dist_max, **kwargs):
        super().__init__()
        self.dim, self.limits = (dim, (xt_pair_dist_min, xt_pair_dist_max))

FEATURE_MODULES = {'token_type': _TokenTypeEmbedding, 'secondary_structure': _SecondaryStructureEmbedding, 'atom_charge': _AtomChargeEmbedding, 'atomic_element': _AtomicElementEmbedding, 'cath_code': _CathEmbedding, 'xt_bb_ca_pair_dists': _PairDistances}

class RFD4ProteinaFeatureFactory(nn.Module):

    def __init__(self, names, width, mode, t_emb_dim, latent_dim, token_type_emb_dim, num_token_types, recycle_conditioning_dim, cath_emb_dim, seq_sep_dim, xt_pair_dist_dim, xt_pair_dist_min, xt_pair_dist_max, normalize=False, compact=False):
        super().__init__()
        self.mode, self.width = (mode, width)
        self.compact = compact
        self.names = list(names or ())
        dimensions = feature_dimensions(t_emb_dim, latent_dim, token_type_emb_dim, recycle_conditioning_dim, cath_emb_dim, seq_sep_dim, xt_pair_dist_dim)
        self.feature_modules = nn.ModuleDict()
        self.feature_fns = []
        for name in self.names:
            if name not in dimensions:
                raise ValueError(f'unsupported RFD4 feature: {name}')
            if name in FEATURE_FUNCTIONS:
                self.feature_fns.append(partial(FEATURE_FUNCTIONS[name], dim=dimensions[name]))
            else:
                module = FEATURE_MODULES[name](dimensions[name], num_token_types=num_token_types, cath_emb_dim=cath_emb_dim, xt_pair_dist_min=xt_pair_dist_min, xt_pair_dist_max=xt_pair_dist_max)
                self.feature_modules[name] = module
                self.feature_fns.append(module)
        if self.names:
            self.ln_out = nn.RMSNorm(width, eps=1e-05) if normalize else nn.Identity()
            self.linear_out = nn.Linear(sum((dimensions[name] for name in self.names)), width, bias=False)

class RFD4ProteinaTransition(nn.Module):

    def __init__(self, width, expansion=4):
        super().__init__()
        self.swish_linear = nn.Sequential(nn.Linear(width, 2 * width * expansion, bias=False))
        self.linear_out = nn.Linear(width * expansion, width, bias=False)

class RFD4ProteinaAdaptiveNorm(nn.Module):

    def __init__(self, width, condition_width, norm_type):
        super().__init__()
        self.norm = NORMS[norm_type](width, eps=1e-05, elementwise_affine=False)
        self.norm_cond = NORMS[norm_type](condition_width, eps=1e-05)
        self.to_gamma = nn.Sequential(nn.Linear(condition_width, width), nn.Sigmoid())
        self.to_beta = nn.Linear(condition_width, width, bias=False)

class RFD4ProteinaPairAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class RFD4ProteinaPairAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = RFD4ProteinaPairAttnProcessor

    def __init__(self, width, pair_width, heads, norm_type, use_pair):
        super().__init__()
        self.heads, self.head_width, self.use_pair = (heads, width // heads, use_pair)
        self.node_norm = NORMS[norm_type](width, eps=1e-05)
        self.to_q = nn.Linear(width, width)
        self.to_k = nn.Linear(width, width)
        self.to_v = nn.Linear(width, width)
        self.to_g = nn.Linear(width, width)
        self.norm_q = NORMS[norm_type](width, eps=1e-05)
        self.norm_k = NORMS[norm_type](width, eps=1e-05)
        self.to_out = nn.Linear(width, width)
        if use_pair:
            self.to_bias = nn.Linear(pair_width, heads, bias=False)
            self.pair_norm = NORMS[norm_type](pair_width, eps=1e-05)
        self.set_processor(RFD4ProteinaPairAttnProcessor())

class RFD4ProteinaAdaptiveAttention(nn.Module):

    def __init__(self, width, pair_width, heads, condition_width, norm_type, use_pair):
        super().__init__()
        self.adaln = RFD4ProteinaAdaptiveNorm(width, condition_width, norm_type)
        self.mha = RFD4ProteinaPairAttention(width, pair_width, heads, norm_type, use_pair)
        self.scale_output = nn.Sequential(nn.Linear(condition_width, width), nn.Sigmoid())

class RFD4ProteinaAdaptiveTransition(nn.Module):

    def __init__(self, width, condition_width, norm_type):
        super().__init__()
        self.adaln = RFD4ProteinaAdaptiveNorm(width, condition_width, norm_type)
        self.transition = RFD4ProteinaTransition(width)
        self.scale_output = nn.Sequential(nn.Linear(condition_width, width), nn.Sigmoid())

class RFD4ProteinaTrunkLayer(nn.Module):

    def __init__(self, token_dim, pair_repr_dim, nheads, dim_cond, norm_type, use_pair):
        super().__init__()
        self.mhba = RFD4ProteinaAdaptiveAttention(token_dim, pair_repr_dim, nheads, dim_cond, norm_type, use_pair)
        self.transition = RFD4ProteinaAdaptiveTransition(token_dim, dim_cond, norm_type)

class RFD4ProteinaTriangleMultiplication(nn.Module):

    def __init__(self, width, hidden, outgoing):
        super().__init__()
        self.outgoing = outgoing
        self.linear_a_p = nn.Linear(width, hidden, bias=False)
        self.linear_a_g = nn.Linear(width, hidden, bias=False)
        self.linear_b_p = nn.Linear(width, hidden, bias=False)
        self.linear_b_g = nn.Linear(width, hidden, bias=False)
        self.linear_g = nn.Linear(width, width, bias=False)
        self.linear_z = nn.Linear(hidden, width, bias=False)
        self.layer_norm_in = nn.LayerNorm(width, eps=1e-05, bias=False)
        self.layer_norm_out = nn.LayerNorm(hidden, eps=1e-05, bias=False)

class RFD4ProteinaPairTransition(nn.Module):

    def __init__(self, width):
        super().__init__()
        self.layer_norm = nn.LayerNorm(width, eps=1e-05)
        self.linear_1 = nn.Linear(width, 2 * width)
        self.linear_2 = nn.Linear(2 * width, width)

class RFD4ProteinaPairUpdate(nn.Module):

    def __init__(self, token_dim, pair_repr_dim, tri_mult_c):
        super().__init__()
        self.layer_norm_in = nn.LayerNorm(token_dim)
        self.linear_x = nn.Linear(token_dim, 2 * pair_repr_dim, bias=False)
        self.tri_mult_out = RFD4ProteinaTriangleMultiplication(pair_repr_dim, tri_mult_c, True)
        self.tri_mult_in = RFD4ProteinaTriangleMultiplication(pair_repr_dim, tri_mult_c, False)
        self.transition_out = RFD4ProteinaPairTransition(pair_repr_dim)

class RFD4ProteinaPairBuilder(nn.Module):

    def __init__(self, feats_pair_repr, feats_pair_cond, pair_repr_dim, dim_cond, feature_kwargs):
        super().__init__()
        self.init_repr_factory = RFD4ProteinaFeatureFactory(feats_pair_repr, pair_repr_dim, 'pair', **feature_kwargs, normalize=True)
        self.cond_factory = None
        self.adaln = None
        if feats_pair_cond:
            self.cond_factory = RFD4ProteinaFeatureFactory(feats_pair_cond, dim_cond, 'pair', **feature_kwargs, normalize=True, compact=True)
            self.adaln = RFD4ProteinaAdaptiveNorm(pair_repr_dim, dim_cond, 'rms_norm')

class RFD4ProteinaTransformer(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['cond_factory', 'norm', 'ln_out']

    @register_to_config
    def __init__(self, nlayers=14, token_dim=768, nheads=12, dim_cond=256, pair_repr_dim=384, latent_dim=32, token_type_emb_dim=32, cath_emb_dim=32, t_emb_dim=256, seq_sep_dim=64, xt_pair_dist_dim=30, xt_pair_dist_min=0.1, xt_pair_dist_max=3.0, feats_seq=('xt_bb_ca', 'xt_local_latents', 'token_type', 'sequence_probabilities', 'cond_a37coors_nm', 'cond_a37coors_internal_nm', 'rasa_binned', 'secondary_structure', 'hbond_modernized', 'pistack', 'pication', 'saltbridge', 'hydrophobic', 'metal_coord', 'na_ss_state', 'hotspot', 'atom_charge', 'atomic_element', 'coord_group_seq', 'chirality', 'chain_centroid_xyz'), feats_cond_seq=('time_emb_bb_ca', 'time_emb_local_latents', 'cath_code', 'recycle_remaining'), feats_pair_repr=('xt_bb_ca_pair_dists', 'bond_mask', 'bond_order', 'is_aromatic', 'index_group_pair', 'molecule_idx_pair', 'molecule_entity_pair', 'token_bond_path_length', 'canonical_polymer_ordering', 'na_ss_pair'), feats_pair_cond=('time_emb_bb_ca', 'time_emb_local_latents'), update_pair_repr_every_n=2, tri_mult_c=256, num_sequence_classes=147, num_token_types=7, recycle_conditioning_dim=1):
        super().__init__()
        feature_kwargs = {'t_emb_dim': t_emb_dim, 'latent_dim': latent_dim, 'token_type_emb_dim': token_type_emb_dim, 'num_token_types': num_token_types, 'recycle_conditioning_dim': recycle_conditioning_dim, 'cath_emb_dim': cath_emb_dim, 'seq_sep_dim': seq_sep_dim, 'xt_pair_dist_dim': xt_pair_dist_dim, 'xt_pair_dist_min': xt_pair_dist_min, 'xt_pair_dist_max': xt_pair_dist_max}
        self.nlayers = nlayers
        self.gradient_checkpointing = False
        self.init_repr_factory = RFD4ProteinaFeatureFactory(feats_seq, token_dim, 'seq', **feature_kwargs)
        self.cond_factory = RFD4ProteinaFeatureFactory(feats_cond_seq, dim_cond, 'seq', **feature_kwargs)
        self.transition_c_1 = RFD4ProteinaTransition(dim_cond, 2)
        self.transition_c_2 = RFD4ProteinaTransition(dim_cond, 2)
        self.pair_repr_builder = RFD4ProteinaPairBuilder(feats_pair_repr, feats_pair_cond, pair_repr_dim, dim_cond, feature_kwargs)
        self.transformer_layers = nn.ModuleList((RFD4ProteinaTrunkLayer(token_dim, pair_repr_dim, nheads, dim_cond, 'rms_norm', True) for _ in range(nlayers)))
        self.pair_update_layers = nn.ModuleDict({str(index): RFD4ProteinaPairUpdate(token_dim, pair_repr_dim, tri_mult_c) for index in range(0, nlayers - 1, update_pair_repr_every_n)})
        self.condition_on_recycle_remaining = 'recycle_remaining' in feats_cond_seq
        self.s_cycle_norm = nn.RMSNorm(token_dim, eps=1e-05)
        self.s_cycle_proj = nn.Linear(token_dim, token_dim, bias=False)
        self.z_cycle_norm = nn.RMSNorm(pair_repr_dim, eps=1e-05)
        self.z_cycle_proj = nn.Linear(pair_repr_dim, pair_repr_dim, bias=False)
        self.local_latents_linear = nn.Sequential(nn.RMSNorm(token_dim, eps=1e-05), nn.Linear(token_dim, latent_dim, bias=False))
        self.ca_linear = nn.Sequential(nn.RMSNorm(token_dim, eps=1e-05), nn.Linear(token_dim, 3, bias=False))
        self.sequence_readout = nn.Sequential(nn.RMSNorm(token_dim, eps=1e-05), nn.Linear(token_dim, num_sequence_classes, bias=False))
        self.insertion_q_proj = nn.Linear(token_dim, token_dim, bias=False)
        self.insertion_k_proj = nn.Linear(token_dim, token_dim, bias=False)
        self._insertion_head_scale = token_dim ** (-0.5)
