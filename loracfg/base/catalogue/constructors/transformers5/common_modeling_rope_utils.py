"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_modeling_rope_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.functions import torch
import math

def _compute_linear_scaling_rope_parameters(config, device=None, seq_len=None, layer_type=None):
    try:
        config = config.per_layer_config[layer_type] if layer_type is not None else config
    except ValueError:
        pass
    config.standardize_rope_params()
    rope_parameters_dict = config.rope_parameters[layer_type] if layer_type is not None else config.rope_parameters
    factor = rope_parameters_dict['factor']
    base = rope_parameters_dict['rope_theta']
    partial_rotary_factor = rope_parameters_dict.get('partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
    dim = int(head_dim * partial_rotary_factor)
    attention_factor = 1.0
    inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / dim)
    inv_freq /= factor
    return (inv_freq, attention_factor)

def _compute_proportional_rope_parameters(config, device=None, seq_len=None, layer_type=None, head_dim_key='head_dim'):
    try:
        config = config.per_layer_config[layer_type] if layer_type is not None else config
    except ValueError:
        pass
    config.standardize_rope_params()
    rope_parameters_dict = config.rope_parameters[layer_type] if layer_type is not None else config.rope_parameters
    head_dim = getattr(config, head_dim_key, None) or config.hidden_size // config.num_attention_heads
    base = rope_parameters_dict['rope_theta']
    factor = rope_parameters_dict.get('factor', 1.0)
    rope_proportion = rope_parameters_dict.get('partial_rotary_factor', 1.0)
    attention_factor = 1.0
    rope_angles = int(rope_proportion * head_dim // 2)
    inv_freq_rotated = 1.0 / base ** (torch.arange(0, 2 * rope_angles, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / head_dim)
    nope_angles = head_dim // 2 - rope_angles
    if nope_angles > 0:
        inv_freq = torch.cat((inv_freq_rotated, torch.zeros(nope_angles, dtype=torch.float32, device=device)), dim=0)
    else:
        inv_freq = inv_freq_rotated
    inv_freq /= factor
    return (inv_freq, attention_factor)

def _compute_dynamic_ntk_parameters(config, device=None, seq_len=None, layer_type=None):
    try:
        config = config.per_layer_config[layer_type] if layer_type is not None else config
    except ValueError:
        pass
    config.standardize_rope_params()
    rope_parameters_dict = config.rope_parameters[layer_type] if layer_type is not None else config.rope_parameters
    base = rope_parameters_dict['rope_theta']
    partial_rotary_factor = rope_parameters_dict.get('partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    factor = rope_parameters_dict['factor']
    attention_factor = 1.0
    if seq_len is None:
        seq_len = config.max_position_embeddings
    elif isinstance(seq_len, torch.Tensor):
        seq_len = torch.maximum(seq_len, torch.tensor(config.max_position_embeddings, dtype=seq_len.dtype, device=seq_len.device))
    else:
        seq_len = max(seq_len, config.max_position_embeddings)
    base = base * (factor * seq_len / config.max_position_embeddings - (factor - 1)) ** (dim / (dim - 2))
    inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / dim)
    return (inv_freq, attention_factor)

def _compute_yarn_parameters(config, device=None, seq_len=None, layer_type=None):
    try:
        config = config.per_layer_config[layer_type] if layer_type is not None else config
    except ValueError:
        pass
    config.standardize_rope_params()
    rope_parameters_dict = config.rope_parameters[layer_type] if layer_type is not None else config.rope_parameters
    base = rope_parameters_dict['rope_theta']
    partial_rotary_factor = rope_parameters_dict.get('partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    factor = rope_parameters_dict['factor']
    attention_factor = rope_parameters_dict.get('attention_factor')
    mscale = rope_parameters_dict.get('mscale')
    mscale_all_dim = rope_parameters_dict.get('mscale_all_dim')
    original_max_position_embeddings = rope_parameters_dict['original_max_position_embeddings']
    if factor is None:
        factor = config.max_position_embeddings / original_max_position_embeddings

    def get_mscale(scale, mscale=1):
        if scale <= 1:
            return 1.0
        return 0.1 * mscale * math.log(scale) + 1.0
    if attention_factor is None:
        if mscale and mscale_all_dim:
            attention_factor = float(get_mscale(factor, mscale) / get_mscale(factor, mscale_all_dim))
        else:
            attention_factor = get_mscale(factor)
    beta_fast = rope_parameters_dict.get('beta_fast') or 32
    beta_slow = rope_parameters_dict.get('beta_slow') or 1

    def find_correction_dim(num_rotations, dim, base, max_position_embeddings):
        return dim * math.log(max_position_embeddings / (num_rotations * 2 * math.pi)) / (2 * math.log(base))

    def find_correction_range(low_rot, high_rot, dim, base, max_position_embeddings, truncate):
        low = find_correction_dim(low_rot, dim, base, max_position_embeddings)
        high = find_correction_dim(high_rot, dim, base, max_position_embeddings)
        if truncate:
            low = math.floor(low)
            high = math.ceil(high)
        return (max(low, 0), min(high, dim - 1))

    def linear_ramp_factor(min, max, dim):
        if min == max:
            max += 0.001
        linear_func = (torch.arange(dim, dtype=torch.float32) - min) / (max - min)
        ramp_func = torch.clamp(linear_func, 0, 1)
        return ramp_func
    pos_freqs = base ** (torch.arange(0, dim, 2).to(device=device, dtype=torch.float) / dim)
    inv_freq_extrapolation = 1.0 / pos_freqs
    inv_freq_interpolation = 1.0 / (factor * pos_freqs)
    truncate = config.rope_parameters.get('truncate', True)
    low, high = find_correction_range(beta_fast, beta_slow, dim, base, original_max_position_embeddings, truncate)
    inv_freq_extrapolation_factor = 1 - linear_ramp_factor(low, high, dim // 2).to(device=device, dtype=torch.float)
    inv_freq = inv_freq_interpolation * (1 - inv_freq_extrapolation_factor) + inv_freq_extrapolation * inv_freq_extrapolation_factor
    return (inv_freq, attention_factor)

def _compute_longrope_parameters(config, device=None, seq_len=None, layer_type=None):
    try:
        config = config.per_layer_config[layer_type] if layer_type is not None else config
    except ValueError:
        pass
    config.standardize_rope_params()
    rope_parameters_dict = config.rope_parameters[layer_type] if layer_type is not None else config.rope_parameters
    base = rope_parameters_dict['rope_theta']
    partial_rotary_factor = rope_parameters_dict.get('partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    long_factor = rope_parameters_dict['long_factor']
    short_factor = rope_parameters_dict['short_factor']
    factor = rope_parameters_dict.get('factor')
    attention_factor = rope_parameters_dict.get('attention_factor')
    original_max_position_embeddings = rope_parameters_dict['original_max_position_embeddings']
    if factor is None:
        factor = config.max_position_embeddings / original_max_position_embeddings
    if attention_factor is None:
        if factor <= 1.0:
            attention_factor = 1.0
        else:
            attention_factor = math.sqrt(1 + math.log(factor) / math.log(original_max_position_embeddings))
    if seq_len and seq_len > original_max_position_embeddings:
        ext_factors = torch.tensor(long_factor, dtype=torch.float32, device=device)
    else:
        ext_factors = torch.tensor(short_factor, dtype=torch.float32, device=device)
    inv_freq_shape = torch.arange(0, dim, 2, dtype=torch.int64, device=device).float() / dim
    inv_freq = 1.0 / (ext_factors * base ** inv_freq_shape)
    return (inv_freq, attention_factor)

def _compute_llama3_parameters(config, device=None, seq_len=None, layer_type=None):
    try:
        config = config.per_layer_config[layer_type] if layer_type is not None else config
    except ValueError:
        pass
    config.standardize_rope_params()
    rope_parameters_dict = config.rope_parameters[layer_type] if layer_type is not None else config.rope_parameters
    base = rope_parameters_dict['rope_theta']
    partial_rotary_factor = rope_parameters_dict.get('partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
    dim = int(head_dim * partial_rotary_factor)
    attention_factor = 1.0
    inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / dim)
    factor = rope_parameters_dict['factor']
    low_freq_factor = rope_parameters_dict['low_freq_factor']
    high_freq_factor = rope_parameters_dict['high_freq_factor']
    old_context_len = rope_parameters_dict['original_max_position_embeddings']
    low_freq_wavelen = old_context_len / low_freq_factor
    high_freq_wavelen = old_context_len / high_freq_factor
    wavelen = 2 * math.pi / inv_freq
    inv_freq_llama = torch.where(wavelen > low_freq_wavelen, inv_freq / factor, inv_freq)
    smooth_factor = (old_context_len / wavelen - low_freq_factor) / (high_freq_factor - low_freq_factor)
    smoothed_inv_freq = (1 - smooth_factor) * inv_freq_llama / factor + smooth_factor * inv_freq_llama
    is_medium_freq = ~(wavelen < high_freq_wavelen) * ~(wavelen > low_freq_wavelen)
    inv_freq_llama = torch.where(is_medium_freq, smoothed_inv_freq, inv_freq_llama)
    return (inv_freq_llama, attention_factor)

ROPE_INIT_FUNCTIONS = {'linear': _compute_linear_scaling_rope_parameters, 'dynamic': _compute_dynamic_ntk_parameters, 'yarn': _compute_yarn_parameters, 'longrope': _compute_longrope_parameters, 'llama3': _compute_llama3_parameters, 'proportional': _compute_proportional_rope_parameters}

class RotaryEmbeddingConfigMixin:
    default_theta = 10000.0
    default_rope_type = 'default'
    ignore_keys_at_rope_validation = set()

    def nested_rope_parameter_keys(self, rope_parameters):
        labels = getattr(self, '_rope_type_labels', None) or getattr(self, 'layer_types', None) or ()
        return [key for key in rope_parameters if key in labels]

    def convert_rope_params_to_dict(self, **kwargs):
        rope_scaling = kwargs.pop('rope_scaling', None)
        self.rope_parameters = rope_scaling or self.rope_parameters
        self.rope_parameters = self.rope_parameters if self.rope_parameters is not None else {}
        rope_theta = kwargs.pop('rope_theta', getattr(self, 'rope_theta', self.default_theta))
        partial_rotary_factor = kwargs.pop('partial_rotary_factor', getattr(self, 'partial_rotary_factor', None))
        nested_keys = self.nested_rope_parameter_keys(self.rope_parameters)
        nested_parameters = [self.rope_parameters[key] for key in nested_keys] or [self.rope_parameters]
        for rope_parameters in nested_parameters:
            if rope_parameters is None:
                continue
            rope_parameters.setdefault('rope_theta', rope_theta)
            if partial_rotary_factor is not None:
                rope_parameters.setdefault('partial_rotary_factor', partial_rotary_factor)
        if partial_rotary_factor is not None:
            self.ignore_keys_at_rope_validation = set(self.ignore_keys_at_rope_validation or []) | {'partial_rotary_factor'}
        self.standardize_rope_params()
        return kwargs

    def standardize_rope_params(self):
        rope_theta = getattr(self, 'rope_theta', None)
        partial_rotary_factor = getattr(self, 'partial_rotary_factor', None)
        rope_parameters = getattr(self, 'rope_parameters', None) or {}
        nested_keys = self.nested_rope_parameter_keys(rope_parameters)
        if not (rope_parameters or rope_theta):
            return
        elif not nested_keys:
            rope_parameters.setdefault('rope_type', rope_parameters.get('type', 'default'))
            rope_parameters.setdefault('rope_theta', rope_theta)
            if partial_rotary_factor is not None:
                rope_parameters.setdefault('partial_rotary_factor', partial_rotary_factor)
            if self.default_rope_type != 'default' and rope_parameters['rope_type'] == 'default':
                rope_parameters['rope_type'] = self.default_rope_type
            if rope_parameters['rope_type'] in ['llama3', 'yarn', 'longrope']:
                if hasattr(self, 'original_max_position_embeddings'):
                    self.rope_parameters['original_max_position_embeddings'] = self.original_max_position_embeddings
                else:
                    self.rope_parameters.setdefault('original_max_position_embeddings', self.max_position_embeddings)
        else:
            for layer_type in nested_keys:
                if rope_parameters[layer_type] is None:
                    continue
                rope_parameters[layer_type].setdefault('rope_type', rope_parameters[layer_type].get('type', 'default'))
                rope_parameters[layer_type].setdefault('rope_theta', rope_theta)
                if partial_rotary_factor is not None:
                    rope_parameters[layer_type].setdefault('partial_rotary_factor', partial_rotary_factor)
                if rope_parameters[layer_type]['rope_type'] in ['llama3', 'yarn', 'longrope']:
                    self.rope_parameters[layer_type].setdefault('original_max_position_embeddings', self.max_position_embeddings)
                if self.default_rope_type != 'default' and rope_parameters[layer_type]['rope_type'] == 'default':
                    rope_parameters[layer_type]['rope_type'] = self.default_rope_type
        self.rope_parameters = rope_parameters

    def validate_rope(self):
        rope_parameters_dict = getattr(self, 'rope_parameters', None)
        if not rope_parameters_dict:
            return
        nested_keys = self.nested_rope_parameter_keys(rope_parameters_dict)
        if nested_keys:
            rope_parameters_dict = {key: rope_parameters_dict[key] for key in nested_keys}
        else:
            rope_parameters_dict = {'full_attention': rope_parameters_dict}
        head_dim = None if self.is_heterogeneous else getattr(self, 'head_dim', None)
        for layer_type, rope_parameters in rope_parameters_dict.items():
            if rope_parameters is None:
                continue
            rope_type = rope_parameters.get('rope_type', rope_parameters.get('type', 'default'))
            validation_fn = getattr(self, f'_validate_{rope_type}_rope_parameters', None)
            rope_parameters['rope_type'] = rope_type
            if validation_fn is not None:
                validation_fn(rope_parameters, ignore_keys=self.ignore_keys_at_rope_validation)
            partial_rotary_factor = rope_parameters.get('partial_rotary_factor', 1.0)
            if head_dim is not None and head_dim > 4 and head_dim % 2 and (int(head_dim * partial_rotary_factor) == head_dim):
                raise ValueError(f'RoPE requires an even rotary dimension, but got `head_dim`={head_dim} with `partial_rotary_factor`={partial_rotary_factor} for `{layer_type}`.')

    def _validate_axial_rope_parameters(self, rope_parameters, ignore_keys=None):
        self._validate_default_rope_parameters(rope_parameters, ignore_keys=ignore_keys)

    def _validate_default_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type'}
        optional_keys = {'rope_theta'}
        received_keys = set(rope_parameters.keys())
        rope_type = rope_parameters['rope_type']
        self._check_received_keys(rope_type, received_keys, required_keys, optional_keys=optional_keys, ignore_keys=ignore_keys)

    def _validate_linear_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type', 'factor'}
        optional_keys = {'rope_theta'}
        received_keys = set(rope_parameters.keys())
        rope_type = rope_parameters['rope_type']
        self._check_received_keys(rope_type, received_keys, required_keys, optional_keys=optional_keys, ignore_keys=ignore_keys)
        factor = rope_parameters['factor']
        if factor is None or not isinstance(factor, (float, int)) or factor < 1.0:
            pass

    def _validate_dynamic_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type', 'factor'}
        optional_keys = {'rope_theta'}
        received_keys = set(rope_parameters.keys())
        rope_type = rope_parameters['rope_type']
        self._check_received_keys(rope_type, received_keys, required_keys, optional_keys=optional_keys, ignore_keys=ignore_keys)
        factor = rope_parameters['factor']
        if factor is None or not isinstance(factor, (float, int)) or factor < 1.0:
            pass

    def _validate_yarn_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type', 'factor', 'original_max_position_embeddings'}
        optional_keys = {'rope_theta', 'attention_factor', 'beta_fast', 'beta_slow', 'mscale', 'mscale_all_dim', 'truncate'}
        received_keys = set(rope_parameters.keys())
        rope_type = rope_parameters['rope_type']
        self._check_received_keys(rope_type, received_keys, required_keys, optional_keys, ignore_keys=ignore_keys)
        factor = rope_parameters['factor']
        if factor is None or not isinstance(factor, (float, int)) or factor < 1.0:
            pass
        attention_factor = rope_parameters.get('attention_factor')
        if attention_factor is not None and (not isinstance(attention_factor, float) or attention_factor < 0):
            pass
        beta_fast = rope_parameters.get('beta_fast')
        if beta_fast is not None and (not isinstance(beta_fast, (float, int))):
            pass
        beta_slow = rope_parameters.get('beta_slow')
        if beta_slow is not None and (not isinstance(beta_slow, (float, int))):
            pass
        if (beta_fast or 32) < (beta_slow or 1):
            pass
        original_max_position_embeddings = rope_parameters['original_max_position_embeddings']
        implicit_factor = self.max_position_embeddings / original_max_position_embeddings
        if implicit_factor != factor and implicit_factor != 1:
            pass

    def _validate_longrope_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type', 'short_factor', 'long_factor', 'original_max_position_embeddings'}
        optional_keys = {'rope_theta', 'attention_factor', 'factor'}
        received_keys = set(rope_parameters.keys())
        rope_type = rope_parameters['rope_type']
        self._check_received_keys(rope_type, received_keys, required_keys, optional_keys, ignore_keys=ignore_keys)
        partial_rotary_factor = rope_parameters.get('partial_rotary_factor', 1.0)
        head_dim = getattr(self, 'head_dim', self.hidden_size // self.num_attention_heads)
        dim = int(head_dim * partial_rotary_factor)
        short_factor = rope_parameters.get('short_factor')
        if not (isinstance(short_factor, list) and all((isinstance(x, (int, float)) for x in short_factor))):
            pass
        if len(short_factor) != dim // 2:
            pass
        long_factor = rope_parameters.get('long_factor')
        if not (isinstance(long_factor, list) and all((isinstance(x, (int, float)) for x in long_factor))):
            pass
        if len(long_factor) != dim // 2:
            pass
        factor = rope_parameters.get('factor')
        original_max_position_embeddings = rope_parameters['original_max_position_embeddings']
        if factor is None and original_max_position_embeddings is not None:
            pass
        elif factor is None and original_max_position_embeddings is None:
            pass
        elif not isinstance(factor, (float, int)) or factor < 1.0:
            pass
        attention_factor = rope_parameters.get('attention_factor')
        if attention_factor is not None and (not isinstance(attention_factor, (float, int)) or attention_factor < 0.0):
            pass

    def _validate_llama3_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type', 'factor', 'original_max_position_embeddings', 'low_freq_factor', 'high_freq_factor', 'rope_theta'}
        rope_type = rope_parameters['rope_type']
        received_keys = set(rope_parameters.keys())
        self._check_received_keys(rope_type, received_keys, required_keys, ignore_keys=ignore_keys)
        factor = rope_parameters['factor']
        if factor is None or not isinstance(factor, (float, int)) or factor < 1.0:
            pass
        low_freq_factor = rope_parameters['low_freq_factor']
        high_freq_factor = rope_parameters['high_freq_factor']
        if low_freq_factor is None or not isinstance(low_freq_factor, (float, int)):
            pass
        if high_freq_factor is None or not isinstance(high_freq_factor, (float, int)):
            pass
        if high_freq_factor <= low_freq_factor:
            pass
        original_max_position_embeddings = rope_parameters['original_max_position_embeddings']
        if original_max_position_embeddings is None or not isinstance(original_max_position_embeddings, int):
            pass
        if original_max_position_embeddings >= self.max_position_embeddings:
            pass

    def _validate_proportional_rope_parameters(self, rope_parameters, ignore_keys=None):
        required_keys = {'rope_type', 'rope_theta'}
        rope_type = rope_parameters['rope_type']
        received_keys = set(rope_parameters.keys())
        self._check_received_keys(rope_type, received_keys, required_keys, ignore_keys=ignore_keys)
        partial_rotary_factor = rope_parameters.get('partial_rotary_factor')
        if partial_rotary_factor is None:
            pass

    @staticmethod
    def _check_received_keys(rope_type, received_keys, required_keys, optional_keys=None, ignore_keys=None):
        if 'type' in received_keys:
            received_keys -= {'type'}
            required_keys.add('rope_type')
        optional_keys = optional_keys or set()
        if 'partial_rotary_factor' not in optional_keys:
            optional_keys.add('partial_rotary_factor')
        if ignore_keys is not None:
            received_keys -= set(ignore_keys)
        missing_keys = required_keys - received_keys
        if missing_keys:
            raise KeyError(f"Missing required keys in `rope_parameters` for 'rope_type'='{rope_type}': {missing_keys}")
        unused_keys = received_keys - required_keys - optional_keys
        if unused_keys:
            pass
