"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): xlstm. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from functools import partial
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Literal

BackendModeType = Literal['train', 'train_with_padding', 'inference']

ChunkwiseKernelType = Literal['chunkwise--native_autograd', 'parallel--native_autograd']

DtypeType = Literal['float32', 'bfloat16', 'float16']

SequenceKernelType = Literal['native_sequence__native']

StepKernelType = Literal['native']

WeightModeType = Literal['single', 'fused']

def round_up_to_next_multiple_of(x, multiple_of):
    return int((x + multiple_of - 1) // multiple_of * multiple_of)

@strict
class xLSTMConfig(PreTrainedConfig):
    model_type = 'xlstm'
    vocab_size: int = 50304
    hidden_size: int = 4096
    embedding_dim: int | None = None
    num_hidden_layers: int = 32
    num_blocks: int | None = None
    num_heads: int = 8
    use_bias: bool = False
    norm_reduction_force_float32: bool = True
    tie_word_embeddings: bool = False
    add_out_norm: bool = True
    norm_eps: float = 1e-06
    qk_dim_factor: float = 0.5
    v_dim_factor: float = 1.0
    chunkwise_kernel: ChunkwiseKernelType = 'chunkwise--native_autograd'
    sequence_kernel: SequenceKernelType = 'native_sequence__native'
    step_kernel: StepKernelType = 'native'
    mode: BackendModeType = 'inference'
    chunk_size: int = 64
    return_last_states: bool = True
    autocast_kernel_dtype: DtypeType = 'bfloat16'
    eps: float = 1e-06
    inference_state_dtype: DtypeType = 'float32'
    ffn_proj_factor: float = 2.667
    ffn_round_up_to_multiple_of: int = 64
    gate_soft_cap: float = 15.0
    output_logit_soft_cap: float = 30.0
    weight_mode: WeightModeType = 'single'
    use_cache: bool = True
    pad_token_id: int | None = 1
    bos_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 2
    max_inference_chunksize: int = 16384

    def __post_init__(self, **kwargs):
        self.hidden_size = self.hidden_size if self.hidden_size is not None else self.embedding_dim
        self.embedding_dim = self.embedding_dim if self.embedding_dim is not None else self.hidden_size
        self.num_hidden_layers = self.num_hidden_layers if self.num_hidden_layers is not None else self.num_blocks
        self.num_blocks = self.num_blocks if self.num_blocks is not None else self.num_hidden_layers
        super().__post_init__(**kwargs)

    @property
    def qk_dim(self):
        return round_up_to_next_multiple_of(self.hidden_size * self.qk_dim_factor, multiple_of=64)

    @property
    def v_dim(self):
        return round_up_to_next_multiple_of(self.hidden_size * self.v_dim_factor, multiple_of=64)

    @property
    def qk_head_dim(self):
        return self.qk_dim // self.num_heads

    @property
    def v_head_dim(self):
        return self.v_dim // self.num_heads

def mlstm_chunkwise_recurrent_fw_C(matK, matV, vecB, vecI, matC_states=None, vecN_states=None, scaMinter_states=None, matC_initial=None, vecN_initial=None, scaMinter_initial=None, qk_scale=None, chunk_size=64, num_chunks=1):
    batch_size, nh, _, dhqk, dhhv = (*matK.shape, matV.shape[-1])
    nc = num_chunks
    _dtype, _device = (matK.dtype, matK.device)
    if qk_scale is None:
        qk_scale = dhqk ** (-0.5)
    if matC_states is None:
        matC_states = torch.zeros((batch_size, nh, (nc + 1) * dhqk, dhhv), dtype=_dtype, device=_device)
    if vecN_states is None:
        vecN_states = torch.zeros((batch_size, nh, (nc + 1) * dhqk), dtype=_dtype, device=_device)
    if scaMinter_states is None:
        scaMinter_states = torch.zeros((batch_size, nh, nc + 1), dtype=_dtype, device=_device)
    matC_k = torch.zeros((batch_size, nh, dhqk, dhhv), dtype=_dtype, device=_device) if matC_initial is None else matC_initial
    vecN_k = torch.zeros((batch_size, nh, dhqk), dtype=_dtype, device=_device) if vecN_initial is None else vecN_initial
    scaM_inter_k = torch.zeros((batch_size, nh, 1), dtype=_dtype, device=_device) if scaMinter_initial is None else scaMinter_initial
    vecA = vecB[..., -1, None] - vecB + vecI
    scaG = vecB[..., -1]
    scaA_max = vecA.max(-1).values
    scaM_inter_k = scaM_inter_k.squeeze(-1)
    for key in range(0, num_chunks):
        matC_states[:, :, key * dhqk:(key + 1) * dhqk, :] = matC_k
        vecN_states[:, :, key * dhqk:(key + 1) * dhqk] = vecN_k
        scaMinter_states[:, :, key] = scaM_inter_k
        scaA_max_k = scaA_max[:, :, key]
        scaG_k = scaG[:, :, key]
        scaM_inter_k_next = torch.max(scaG_k + scaM_inter_k, scaA_max_k)
        matK_chunk = matK[:, :, key * chunk_size:(key + 1) * chunk_size, :]
        matV_chunk = matV[:, :, key * chunk_size:(key + 1) * chunk_size, :]
        vecA_k = vecA[:, :, key, :]
        vecAbar_k = torch.exp(vecA_k - scaM_inter_k_next[..., None])[:, :, :, None]
        matK_chunk_gated = matK_chunk * vecAbar_k
        scaGbar_k = torch.exp(scaG_k + scaM_inter_k - scaM_inter_k_next)[:, :, None]
        matC_k_next = scaGbar_k[..., None] * matC_k + matK_chunk_gated.transpose(-2, -1) @ matV_chunk
        vecN_k_next = scaGbar_k * vecN_k + matK_chunk_gated.transpose(-2, -1).sum(-1)
        scaM_inter_k = scaM_inter_k_next
        matC_k = matC_k_next
        vecN_k = vecN_k_next
    matC_states[:, :, -dhqk:, :] = matC_k
    vecN_states[:, :, -dhqk:] = vecN_k
    scaMinter_states[:, :, -1] = scaM_inter_k
    return (matC_states, vecN_states, scaMinter_states)

def mlstm_chunkwise_parallel_fw_H(matQ, matK, matV, matC_states, vecN_states, scaMinter_states, vecI, vecB, qk_scale, chunk_size=64, num_chunks=1, eps=1e-06):
    _device = matQ.device
    nc = num_chunks
    batch_size, nh, dqk, dhv = matC_states.shape
    dhqk = dqk // nc
    matC_k_states = matC_states.view(batch_size, nh, nc, dhqk, dhv)
    vecN_k_states = vecN_states.view(batch_size, nh, nc, dhqk)
    scaMinter_k_states = scaMinter_states
    matQ = matQ.view(batch_size, nh, nc, chunk_size, dhqk)
    matK = matK.view(batch_size, nh, nc, chunk_size, dhqk)
    matV = matV.view(batch_size, nh, nc, chunk_size, dhv)
    ltr = torch.tril(torch.ones((chunk_size, chunk_size), dtype=torch.bool, device=_device))
    matF_logsig_chunk = vecB[:, :, :, :, None] - vecB[:, :, :, None, :]
    matF_logsig_mask_chunk = torch.where(ltr, matF_logsig_chunk, -float('inf'))
    matLogD_chunk = matF_logsig_mask_chunk + vecI[:, :, :, None, :]
    vecMintra_k = torch.max(matLogD_chunk, dim=-1, keepdim=False).values
    vecM_b_inter = vecB + scaMinter_k_states[:, :, :, None]
    vecM_k_combine = torch.maximum(vecM_b_inter, vecMintra_k)
    vecM_k_combine = vecM_k_combine[:, :, :, :, None]
    vecM_b_inter = vecM_b_inter[:, :, :, :, None]
    matLogD_stabilized_chunk = matLogD_chunk - vecM_k_combine
    matD_chunk = torch.exp(matLogD_stabilized_chunk)
    matS_chunk = matQ @ matK.transpose(-2, -1) * qk_scale
    matM_chunk = matS_chunk * matD_chunk
    vecBbar = torch.exp(vecM_b_inter - vecM_k_combine)
    matQ_chunk_gated = matQ * vecBbar * qk_scale
    matNumerator_common = matQ_chunk_gated @ matC_k_states + matM_chunk @ matV
    vecDenom_l_common = matQ_chunk_gated @ vecN_k_states.unsqueeze(-1) + matM_chunk.sum(dim=-1, keepdim=True)
    vecDenom_max_common = torch.maximum(torch.abs(vecDenom_l_common), torch.exp(-vecM_k_combine))
    matH_k_chunk = matNumerator_common / (vecDenom_max_common + eps)
    matH_out = matH_k_chunk.view(batch_size, nh, nc * chunk_size, dhv)
    vecN_out = vecDenom_max_common.reshape(batch_size, nh, nc * chunk_size)
    vecM_out = vecM_k_combine.reshape(batch_size, nh, nc * chunk_size)
    return (matH_out, vecN_out, vecM_out)

def mlstm_chunkwise_native_autograd(query, key, value, igate, fgate, c_initial=None, n_initial=None, m_initial=None, return_last_states=False, eps=1e-06, chunk_size=64, **kwargs):
    batch_size, nh, sequence_length, dhqk = query.shape
    if sequence_length % chunk_size != 0:
        raise ValueError(f'Sequence length {sequence_length} is not divisible by chunk size {chunk_size}.')
    nc = sequence_length // chunk_size
    vecI = igate.view(batch_size, nh, nc, chunk_size)
    vecF = fgate.view(batch_size, nh, nc, chunk_size)
    vecF_logsig = F.logsigmoid(vecF)
    vecB = vecF_logsig.cumsum(-1)
    qk_scale = dhqk ** (-0.5)
    matC_k_states, vecN_k_states, scaMinter_k_states = mlstm_chunkwise_recurrent_fw_C(matK=key, matV=value, vecB=vecB, vecI=vecI, matC_initial=c_initial, vecN_initial=n_initial, scaMinter_initial=m_initial, qk_scale=qk_scale, chunk_size=chunk_size, num_chunks=nc)
    matH_out, vecN_out, vecM_out = mlstm_chunkwise_parallel_fw_H(matQ=query, matK=key, matV=value, matC_states=matC_k_states[:, :, :-dhqk, :], vecN_states=vecN_k_states[:, :, :-dhqk], scaMinter_states=scaMinter_k_states[:, :, :-1], vecI=vecI, vecB=vecB, qk_scale=qk_scale, chunk_size=chunk_size, num_chunks=nc, eps=eps)
    last_states = (matC_k_states[:, :, -dhqk:, :], vecN_k_states[:, :, -dhqk:], scaMinter_k_states[:, :, -1:])
    if return_last_states:
        return (matH_out, last_states)
    else:
        return matH_out

def mlstm_recurrent_step_native(query, key, value, igate, fgate, cstate, nstate, mstate, eps=1e-06, dtype_state=torch.float32, **kwargs):
    dtype_qkv = query.dtype
    matC_old = cstate.to(dtype=dtype_state)
    vecN_old = nstate.to(dtype=dtype_state)
    scaM_old = mstate.to(dtype=dtype_state)
    batch_size, nh, dhqk = query.shape
    _, _, dhhv = value.shape
    if query.shape != key.shape:
        raise ValueError('query and key must have the same shape')
    if matC_old.shape != (batch_size, nh, dhqk, dhhv):
        raise ValueError(f'matC_old has wrong shape, got {matC_old.shape}')
    if vecN_old.shape != (batch_size, nh, dhqk):
        raise ValueError(f'vecN_old has wrong shape, got {vecN_old.shape}')
    if scaM_old.shape != (batch_size, nh, 1):
        raise ValueError(f'scaM_old has wrong shape, got {scaM_old.shape}')
    if igate.shape != (batch_size, nh, 1):
        raise ValueError(f'scaI has wrong shape, got {igate.shape}')
    if fgate.shape != (batch_size, nh, 1):
        raise ValueError(f'scaF has wrong shape, got {fgate.shape}')
    scaF_log = torch.nn.functional.logsigmoid(fgate)
    scaM_state_new = torch.max(scaF_log + scaM_old, igate)
    scaF_act = torch.exp(scaF_log + scaM_old - scaM_state_new)
    scaI_act = torch.exp(igate - scaM_state_new)
    vecQ_scaled = query * dhqk ** (-0.5)
    matC_state_new = scaF_act[:, :, :, None] * matC_old.clone() + scaI_act[:, :, :, None] * (key[:, :, :, None] @ value[:, :, None, :])
    vecN_state_new = scaF_act * vecN_old.clone() + scaI_act * key
    h_num = vecQ_scaled[:, :, None, :] @ matC_state_new.to(dtype=dtype_qkv)
    h_num = h_num.squeeze(2).to(dtype=dtype_state)
    qn_dotproduct = vecQ_scaled[:, :, None, :] @ vecN_state_new[:, :, :, None].to(dtype=dtype_qkv)
    qn_dotproduct = qn_dotproduct.squeeze(2)
    max_val = torch.exp(-scaM_state_new)
    h_denom = (torch.maximum(qn_dotproduct.abs(), max_val) + eps).to(dtype=dtype_state)
    h = h_num / h_denom
    h = h.to(dtype=dtype_qkv)
    matC_state_new = matC_state_new.to(dtype=dtype_state)
    vecN_state_new = vecN_state_new.to(dtype=dtype_state)
    scaM_state_new = scaM_state_new.to(dtype=dtype_state)
    return (h, (matC_state_new, vecN_state_new, scaM_state_new))

def mlstm_recurrent_sequence_native(query, key, value, igate, fgate, c_initial=None, n_initial=None, m_initial=None, return_last_states=False, eps=1e-06, dtype_state=torch.float32, **kwargs):
    batch_size, nh, sequence_length, dhqk = query.shape
    dhv = value.shape[-1]
    device = query.device
    if c_initial is not None:
        if n_initial is None or m_initial is None:
            raise ValueError('Initial states must be provided together.')
        if n_initial is None or m_initial is None:
            raise ValueError('Initial states must be provided together.')
        matC_state, vecN_state, vecM_state = (c_initial.to(dtype=dtype_state), n_initial.to(dtype=dtype_state), m_initial.to(dtype=dtype_state))
    else:
        matC_state = torch.zeros((batch_size, nh, dhqk, dhv), dtype=dtype_state, device=device)
        vecN_state = torch.zeros((batch_size, nh, dhqk), dtype=dtype_state, device=device)
        vecM_state = torch.zeros((batch_size, nh, 1), dtype=dtype_state, device=device)
    vecH_list = []
    for t in range(sequence_length):
        vecF_t, vecI_t = (fgate[:, :, t, None], igate[:, :, t, None])
        vecQ_t, vecK_t, vecV_t = (query[:, :, t, :], key[:, :, t, :], value[:, :, t, :])
        vecH, (matC_state, vecN_state, vecM_state) = mlstm_recurrent_step_native(cstate=matC_state, nstate=vecN_state, mstate=vecM_state, query=vecQ_t, key=vecK_t, value=vecV_t, igate=vecI_t, fgate=vecF_t, eps=eps, dtype_state=dtype_state, **kwargs)
        vecH_list.append(vecH)
    matH = torch.stack(vecH_list, dim=-2)
    if return_last_states:
        return (matH, (matC_state, vecN_state, vecM_state))
    else:
        return matH

def wrap_chunkwise_pad_zeros(mlstm_chunkwise_kernel, query, key, value, fgate, igate, c_initial=None, n_initial=None, m_initial=None, return_last_states=False, eps=1e-06, autocast_kernel_dtype=torch.bfloat16, chunk_size=64, **kwargs):
    if return_last_states:
        raise ValueError('We are padding zeros, so we cannot return last states,', 'as they would be not the true last states.')
    batch_size, nh, sequence_length, dhqk = query.shape
    S_unpadded = sequence_length
    if sequence_length % chunk_size != 0:
        S_padded = (sequence_length + chunk_size - 1) // chunk_size * chunk_size
        q_pad = query.new_zeros(batch_size, nh, S_padded, query.shape[3])
        k_pad = key.new_zeros(batch_size, nh, S_padded, key.shape[3])
        v_pad = value.new_zeros(batch_size, nh, S_padded, value.shape[3])
        i_pad = igate.new_zeros(batch_size, nh, S_padded)
        f_pad = fgate.new_zeros(batch_size, nh, S_padded)
        q_pad[:, :, :S_unpadded, :] = query
        k_pad[:, :, :S_unpadded, :] = key
        v_pad[:, :, :S_unpadded, :] = value
        i_pad[:, :, :S_unpadded] = igate
        f_pad[:, :, :S_unpadded] = fgate
    else:
        q_pad = query
        k_pad = key
        v_pad = value
        i_pad = igate
        f_pad = fgate
    matH = mlstm_chunkwise_kernel(query=q_pad, key=k_pad, value=v_pad, igate=i_pad, fgate=f_pad, c_initial=c_initial, n_initial=n_initial, m_initial=m_initial, return_last_states=return_last_states, eps=eps, autocast_kernel_dtype=autocast_kernel_dtype, chunk_size=chunk_size, **kwargs)
    matH = matH[:, :, :S_unpadded, :]
    return matH

def wrap_chunkwise_arbitrary_sequence_length(mlstm_chunkwise_kernel, mlstm_sequence_kernel, mlstm_step_kernel, query, key, value, fgate, igate, c_initial=None, n_initial=None, m_initial=None, return_last_states=True, eps=1e-06, autocast_kernel_dtype=torch.bfloat16, chunk_size=64, enable_logging=False):
    batch_size, nh, sequence_length, dhqk = key.shape
    dhhv = value.shape[-1]
    c_state = c_initial if c_initial is not None else torch.zeros(batch_size, nh, dhqk, dhhv, device=key.device, dtype=torch.float32)
    n_state = n_initial if n_initial is not None else torch.zeros(batch_size, nh, dhqk, device=key.device, dtype=torch.float32)
    m_state = m_initial if m_initial is not None else torch.zeros(batch_size, nh, 1, device=key.device, dtype=torch.float32)
    if sequence_length > 1:
        h_outs = []
        seq_len_start_idx = 0
        remaining_seq_len = sequence_length - seq_len_start_idx
        num_chunks = remaining_seq_len // chunk_size
        if num_chunks > 0:
            iter_seq_len = chunk_size * num_chunks
            seq_len_idx = seq_len_start_idx + iter_seq_len
            h_out, (c_state, n_state, m_state) = mlstm_chunkwise_kernel(query=query[..., seq_len_start_idx:seq_len_idx, :].contiguous(), key=key[..., seq_len_start_idx:seq_len_idx, :].contiguous(), value=value[..., seq_len_start_idx:seq_len_idx, :].contiguous(), fgate=fgate[..., seq_len_start_idx:seq_len_idx].contiguous(), igate=igate[..., seq_len_start_idx:seq_len_idx].contiguous(), c_initial=c_state, n_initial=n_state, m_initial=m_state, chunk_size=chunk_size, return_last_states=True, autocast_kernel_dtype=autocast_kernel_dtype, eps=eps)
            seq_len_start_idx += iter_seq_len
            h_outs.append(h_out)
        remaining_seq_len = sequence_length - seq_len_start_idx
        if remaining_seq_len > 0:
            h_out, (c_state, n_state, m_state) = mlstm_sequence_kernel(query=query[..., seq_len_start_idx:sequence_length, :].contiguous(), key=key[..., seq_len_start_idx:sequence_length, :].contiguous(), value=value[..., seq_len_start_idx:sequence_length, :].contiguous(), igate=igate[..., seq_len_start_idx:sequence_length].contiguous(), fgate=fgate[..., seq_len_start_idx:sequence_length].contiguous(), c_initial=c_state, n_initial=n_state, m_initial=m_state, return_last_states=True, eps=eps)
            h_outs.append(h_out)
        h_out = torch.concatenate(h_outs, dim=2)
    else:
        if sequence_length != 1:
            raise ValueError(f'Received empty sequence (sequence_length={sequence_length}), require at least single element in the sequence.')
        h_out, (c_state, n_state, m_state) = mlstm_step_kernel(query=query.squeeze(2), key=key.squeeze(2), value=value.squeeze(2), igate=igate, fgate=fgate, cstate=c_state, nstate=n_state, mstate=m_state, eps=eps)
        h_out = h_out[:, :, None, :]
    if return_last_states:
        return (h_out, (c_state, n_state, m_state))
    else:
        return h_out

class xLSTMBackend(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.chunkwise_kernel_fn = mlstm_chunkwise_native_autograd
        self.sequence_kernel_fn = mlstm_recurrent_sequence_native
        self.step_kernel_fn = mlstm_recurrent_step_native
        self._inference_fn = partial(wrap_chunkwise_arbitrary_sequence_length, mlstm_chunkwise_kernel=self.chunkwise_kernel_fn, mlstm_sequence_kernel=partial(self.sequence_kernel_fn, dtype_state=getattr(torch, config.inference_state_dtype)), mlstm_step_kernel=partial(self.step_kernel_fn, dtype_state=getattr(torch, config.inference_state_dtype)), chunk_size=config.chunk_size, eps=config.eps, autocast_kernel_dtype=getattr(torch, config.autocast_kernel_dtype), return_last_states=True)
        train_kernel_fn = partial(self.chunkwise_kernel_fn, autocast_kernel_dtype=getattr(torch, config.autocast_kernel_dtype), eps=config.eps, chunk_size=config.chunk_size)
        if 'with_padding' in config.mode:
            train_kernel_fn = partial(wrap_chunkwise_pad_zeros, mlstm_chunkwise_kernel=train_kernel_fn)
        self._train_fn = train_kernel_fn

class xLSTMRMSNorm(nn.Module):

    def __init__(self, num_features, eps=1e-06, use_weight=True, use_bias=False, force_float32_reductions=True):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.force_float32_reductions = force_float32_reductions
        if use_weight:
            self.weight = nn.Parameter(torch.ones(num_features))
        else:
            self.weight = None
        if use_bias:
            self.bias = nn.Parameter(torch.zeros(num_features))
        else:
            self.bias = None

class xLSTMMultiHeadLayerNorm(nn.Module):

    def __init__(self, num_heads, head_dim, eps=1e-06, use_weight=True, use_bias=False, force_float32_reductions=True):
        super().__init__()
        self.num_features = num_heads * head_dim
        self.eps = eps
        self.force_float32_reductions = force_float32_reductions
        if use_weight:
            self.weight = nn.Parameter(torch.ones(self.num_features))
        else:
            self.weight = None
        if use_bias:
            self.bias = nn.Parameter(torch.zeros(self.num_features))
        else:
            self.bias = None
        self.num_heads = num_heads
        self.head_dim = head_dim

class xLSTMFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.up_proj_dim = round_up_to_next_multiple_of(config.hidden_size * config.ffn_proj_factor, config.ffn_round_up_to_multiple_of)
        if self.config.weight_mode == 'single':
            self.proj_up_gate = nn.Linear(in_features=config.hidden_size, out_features=self.up_proj_dim, bias=self.config.use_bias)
            self.proj_up = nn.Linear(in_features=config.hidden_size, out_features=self.up_proj_dim, bias=self.config.use_bias)
        elif self.config.weight_mode == 'fused':
            self.proj_up_gate_z = nn.Linear(in_features=config.hidden_size, out_features=2 * self.up_proj_dim, bias=self.config.use_bias)
        self.proj_down = nn.Linear(in_features=self.up_proj_dim, out_features=config.hidden_size, bias=self.config.use_bias)
        self.act_fn = nn.SiLU()

class xLSTMLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.v_dim = int(config.hidden_size * config.v_dim_factor)
        self.qk_dim = int(config.hidden_size * config.qk_dim_factor)
        if self.config.weight_mode == 'single':
            self.q = nn.Linear(in_features=self.config.hidden_size, out_features=self.qk_dim, bias=self.config.use_bias)
            self.k = nn.Linear(in_features=self.config.hidden_size, out_features=self.qk_dim, bias=self.config.use_bias)
            self.v = nn.Linear(in_features=self.config.hidden_size, out_features=self.v_dim, bias=self.config.use_bias)
            self.ogate_preact = nn.Linear(in_features=self.config.hidden_size, out_features=self.v_dim, bias=self.config.use_bias)
            self.igate_preact = nn.Linear(in_features=self.config.hidden_size, out_features=self.config.num_heads, bias=True)
            self.fgate_preact = nn.Linear(in_features=self.config.hidden_size, out_features=self.config.num_heads, bias=True)
        elif self.config.weight_mode == 'fused':
            self.qkv_opreact = nn.Linear(in_features=self.config.hidden_size, out_features=2 * self.qk_dim + 2 * self.v_dim, bias=self.config.use_bias)
            self.ifgate_preact = nn.Linear(in_features=self.config.hidden_size, out_features=2 * self.config.num_heads, bias=True)
        self.ogate_act_fn = nn.Sigmoid()
        self.mlstm_backend = xLSTMBackend(config=self.config)
        self.multihead_norm = xLSTMMultiHeadLayerNorm(num_heads=self.config.num_heads, head_dim=self.v_dim // self.config.num_heads, eps=self.config.norm_eps, use_weight=True, use_bias=self.config.use_bias, force_float32_reductions=self.config.norm_reduction_force_float32)
        self.out_proj = nn.Linear(in_features=self.v_dim, out_features=self.config.hidden_size, bias=self.config.use_bias)

class xLSTMBlock(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.norm_mlstm = xLSTMRMSNorm(num_features=config.hidden_size, eps=config.norm_eps, use_weight=True, use_bias=config.use_bias, force_float32_reductions=config.norm_reduction_force_float32)
        self.mlstm_layer = xLSTMLayer(config)
        self.norm_ffn = xLSTMRMSNorm(num_features=config.hidden_size, eps=config.norm_eps, use_weight=True, use_bias=config.use_bias, force_float32_reductions=config.norm_reduction_force_float32)
        self.ffn = xLSTMFeedForward(config)

class xLSTMPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'backbone'
    supports_gradient_checkpointing = True

class xLSTMModel(xLSTMPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = nn.Embedding(config.vocab_size, config.embedding_dim)
        self.blocks = nn.ModuleList([xLSTMBlock(config) for _ in range(config.num_blocks)])
        self.out_norm = xLSTMRMSNorm(config.hidden_size, eps=config.norm_eps)
        self.gradient_checkpointing = False
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings

class xLSTMForCausalLM(xLSTMPreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = xLSTMModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def get_input_embeddings(self):
        return self.backbone.get_input_embeddings()
