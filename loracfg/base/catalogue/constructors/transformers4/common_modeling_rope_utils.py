"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): common_modeling_rope_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.functions import torch
import math

def _compute_default_rope_parameters(config=None, device=None, seq_len=None):
    base = config.rope_theta
    partial_rotary_factor = getattr(config, 'partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
    dim = int(head_dim * partial_rotary_factor)
    attention_factor = 1.0
    inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / dim)
    return (inv_freq, attention_factor)

def _compute_linear_scaling_rope_parameters(config=None, device=None, seq_len=None):
    factor = config.rope_scaling['factor']
    inv_freq, attention_factor = _compute_default_rope_parameters(config, device, seq_len)
    inv_freq /= factor
    return (inv_freq, attention_factor)

def _compute_dynamic_ntk_parameters(config=None, device=None, seq_len=None):
    base = config.rope_theta
    partial_rotary_factor = getattr(config, 'partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    max_position_embeddings = config.max_position_embeddings
    factor = config.rope_scaling['factor']
    attention_factor = 1.0
    if seq_len is None:
        seq_len = max_position_embeddings
    elif isinstance(seq_len, torch.Tensor):
        seq_len = torch.maximum(seq_len, torch.tensor(max_position_embeddings, dtype=seq_len.dtype, device=seq_len.device))
    else:
        seq_len = max(seq_len, max_position_embeddings)
    base = base * (factor * seq_len / max_position_embeddings - (factor - 1)) ** (dim / (dim - 2))
    inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.int64).to(device=device, dtype=torch.float) / dim)
    return (inv_freq, attention_factor)

def _compute_yarn_parameters(config, device, seq_len=None):
    base = config.rope_theta
    partial_rotary_factor = getattr(config, 'partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    factor = config.rope_scaling['factor']
    attention_factor = config.rope_scaling.get('attention_factor')
    mscale = config.rope_scaling.get('mscale')
    mscale_all_dim = config.rope_scaling.get('mscale_all_dim')
    original_max_position_embeddings = config.rope_scaling.get('original_max_position_embeddings') or config.max_position_embeddings

    def get_mscale(scale, mscale=1):
        if scale <= 1:
            return 1.0
        return 0.1 * mscale * math.log(scale) + 1.0
    if attention_factor is None:
        if mscale and mscale_all_dim:
            attention_factor = float(get_mscale(factor, mscale) / get_mscale(factor, mscale_all_dim))
        else:
            attention_factor = get_mscale(factor)
    beta_fast = config.rope_scaling.get('beta_fast') or 32
    beta_slow = config.rope_scaling.get('beta_slow') or 1

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
    truncate = config.rope_scaling.get('truncate', True)
    low, high = find_correction_range(beta_fast, beta_slow, dim, base, original_max_position_embeddings, truncate)
    inv_freq_extrapolation_factor = 1 - linear_ramp_factor(low, high, dim // 2).to(device=device, dtype=torch.float)
    inv_freq = inv_freq_interpolation * (1 - inv_freq_extrapolation_factor) + inv_freq_extrapolation * inv_freq_extrapolation_factor
    return (inv_freq, attention_factor)

def _compute_longrope_parameters(config, device, seq_len=None):
    base = config.rope_theta
    partial_rotary_factor = getattr(config, 'partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    long_factor = config.rope_scaling['long_factor']
    short_factor = config.rope_scaling['short_factor']
    factor = config.rope_scaling.get('factor')
    attention_factor = config.rope_scaling.get('attention_factor')
    if (original_max_position_embeddings := getattr(config, 'original_max_position_embeddings', None)):
        factor = config.max_position_embeddings / original_max_position_embeddings
    else:
        original_max_position_embeddings = config.max_position_embeddings
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

def _compute_llama3_parameters(config, device, seq_len=None):
    inv_freq, attention_factor = _compute_default_rope_parameters(config, device, seq_len)
    factor = config.rope_scaling['factor']
    low_freq_factor = config.rope_scaling['low_freq_factor']
    high_freq_factor = config.rope_scaling['high_freq_factor']
    old_context_len = config.rope_scaling['original_max_position_embeddings']
    low_freq_wavelen = old_context_len / low_freq_factor
    high_freq_wavelen = old_context_len / high_freq_factor
    wavelen = 2 * math.pi / inv_freq
    inv_freq_llama = torch.where(wavelen > low_freq_wavelen, inv_freq / factor, inv_freq)
    smooth_factor = (old_context_len / wavelen - low_freq_factor) / (high_freq_factor - low_freq_factor)
    smoothed_inv_freq = (1 - smooth_factor) * inv_freq_llama / factor + smooth_factor * inv_freq_llama
    is_medium_freq = ~(wavelen < high_freq_wavelen) * ~(wavelen > low_freq_wavelen)
    inv_freq_llama = torch.where(is_medium_freq, smoothed_inv_freq, inv_freq_llama)
    return (inv_freq_llama, attention_factor)

ROPE_INIT_FUNCTIONS = {'default': _compute_default_rope_parameters, 'linear': _compute_linear_scaling_rope_parameters, 'dynamic': _compute_dynamic_ntk_parameters, 'yarn': _compute_yarn_parameters, 'longrope': _compute_longrope_parameters, 'llama3': _compute_llama3_parameters}

def _check_received_keys(rope_type, received_keys, required_keys, optional_keys=None, ignore_keys=None):
    if 'type' in received_keys:
        received_keys -= {'type'}
        required_keys.add('rope_type')
    if ignore_keys is not None:
        received_keys -= ignore_keys
    missing_keys = required_keys - received_keys
    if missing_keys:
        raise KeyError(f"Missing required keys in `rope_scaling` for 'rope_type'='{rope_type}': {missing_keys}")
    if optional_keys is not None:
        unused_keys = received_keys - required_keys - optional_keys
    else:
        unused_keys = received_keys - required_keys
    if unused_keys:
        pass

def _validate_default_rope_parameters(config, ignore_keys=None):
    rope_scaling = config.rope_scaling
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', None))
    required_keys = {'rope_type'}
    received_keys = set(rope_scaling.keys())
    _check_received_keys(rope_type, received_keys, required_keys, ignore_keys=ignore_keys)

def _validate_linear_scaling_rope_parameters(config, ignore_keys=None):
    rope_scaling = config.rope_scaling
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', None))
    required_keys = {'rope_type', 'factor'}
    received_keys = set(rope_scaling.keys())
    _check_received_keys(rope_type, received_keys, required_keys, ignore_keys=ignore_keys)
    factor = rope_scaling['factor']
    if factor is None or not isinstance(factor, float) or factor < 1.0:
        pass

def _validate_dynamic_scaling_rope_parameters(config, ignore_keys=None):
    rope_scaling = config.rope_scaling
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', None))
    required_keys = {'rope_type', 'factor'}
    optional_keys = {'original_max_position_embeddings'}
    received_keys = set(rope_scaling.keys())
    _check_received_keys(rope_type, received_keys, required_keys, optional_keys, ignore_keys=ignore_keys)
    factor = rope_scaling['factor']
    if factor is None or not isinstance(factor, float) or factor < 1.0:
        pass

def _validate_yarn_parameters(config, ignore_keys=None):
    rope_scaling = config.rope_scaling
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', None))
    required_keys = {'rope_type', 'factor'}
    optional_keys = {'attention_factor', 'beta_fast', 'beta_slow', 'original_max_position_embeddings', 'mscale', 'mscale_all_dim', 'truncate'}
    received_keys = set(rope_scaling.keys())
    _check_received_keys(rope_type, received_keys, required_keys, optional_keys, ignore_keys=ignore_keys)
    factor = rope_scaling['factor']
    if factor is None or not isinstance(factor, float) or factor < 1.0:
        pass
    attention_factor = rope_scaling.get('attention_factor')
    if attention_factor is not None and (not isinstance(attention_factor, float) or attention_factor < 0):
        pass
    beta_fast = rope_scaling.get('beta_fast')
    if beta_fast is not None and (not isinstance(beta_fast, float)):
        pass
    beta_slow = rope_scaling.get('beta_slow')
    if beta_slow is not None and (not isinstance(beta_slow, float)):
        pass
    if (beta_fast or 32) < (beta_slow or 1):
        pass
    original_max_position_embeddings = config.rope_scaling.get('original_max_position_embeddings')
    if original_max_position_embeddings is not None:
        implicit_factor = config.max_position_embeddings / original_max_position_embeddings
        if implicit_factor != factor:
            pass

def _validate_longrope_parameters(config, ignore_keys=None):
    rope_scaling = config.rope_scaling
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', None))
    required_keys = {'rope_type', 'short_factor', 'long_factor'}
    optional_keys = {'attention_factor', 'factor', 'original_max_position_embeddings'}
    received_keys = set(rope_scaling.keys())
    _check_received_keys(rope_type, received_keys, required_keys, optional_keys, ignore_keys=ignore_keys)
    partial_rotary_factor = getattr(config, 'partial_rotary_factor', 1.0)
    head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
    dim = int(head_dim * partial_rotary_factor)
    short_factor = rope_scaling.get('short_factor')
    if not isinstance(short_factor, list) and all((isinstance(x, (int, float)) for x in short_factor)):
        pass
    if len(short_factor) != dim // 2:
        pass
    long_factor = rope_scaling.get('long_factor')
    if not isinstance(long_factor, list) and all((isinstance(x, (int, float)) for x in long_factor)):
        pass
    if len(long_factor) != dim // 2:
        pass
    if hasattr(config, 'original_max_position_embeddings'):
        pass
    else:
        factor = rope_scaling.get('factor')
        if factor is None:
            pass
        elif not isinstance(factor, float) or factor < 1.0:
            pass
        attention_factor = rope_scaling.get('attention_factor')
        if attention_factor is not None:
            if not isinstance(attention_factor, float) or attention_factor < 0.0:
                pass

def _validate_llama3_parameters(config, ignore_keys=None):
    rope_scaling = config.rope_scaling
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', None))
    required_keys = {'rope_type', 'factor', 'original_max_position_embeddings', 'low_freq_factor', 'high_freq_factor'}
    received_keys = set(rope_scaling.keys())
    _check_received_keys(rope_type, received_keys, required_keys, ignore_keys=ignore_keys)
    factor = rope_scaling['factor']
    if factor is None or not isinstance(factor, float) or factor < 1.0:
        pass
    low_freq_factor = rope_scaling['low_freq_factor']
    high_freq_factor = rope_scaling['high_freq_factor']
    if low_freq_factor is None or not isinstance(low_freq_factor, float):
        pass
    if high_freq_factor is None or not isinstance(high_freq_factor, float):
        pass
    if high_freq_factor <= low_freq_factor:
        pass
    original_max_position_embeddings = rope_scaling['original_max_position_embeddings']
    if original_max_position_embeddings is None or not isinstance(original_max_position_embeddings, int):
        pass
    if original_max_position_embeddings >= config.max_position_embeddings:
        pass

ROPE_VALIDATION_FUNCTIONS = {'default': _validate_default_rope_parameters, 'linear': _validate_linear_scaling_rope_parameters, 'dynamic': _validate_dynamic_scaling_rope_parameters, 'yarn': _validate_yarn_parameters, 'longrope': _validate_longrope_parameters, 'llama3': _validate_llama3_parameters}

def rope_config_validation(config, ignore_keys=None):
    rope_scaling = getattr(config, 'rope_scaling', None)
    if rope_scaling is None:
        return
    rope_type = rope_scaling.get('rope_type', rope_scaling.get('type', 'default'))
    validation_fn = ROPE_VALIDATION_FUNCTIONS.get(rope_type)
    if validation_fn is not None:
        validation_fn(config, ignore_keys=ignore_keys)
