"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): perceiver. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from functools import reduce
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import abc
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from operator import __add__
import math

@strict
class PerceiverConfig(PreTrainedConfig):
    model_type = 'perceiver'
    num_latents: int = 256
    d_latents: int = 1280
    d_model: int = 768
    num_blocks: int = 1
    num_self_attends_per_block: int = 26
    num_self_attention_heads: int = 8
    num_cross_attention_heads: int = 8
    qk_channels: int | None = None
    v_channels: int | None = None
    cross_attention_shape_for_attention: str = 'kv'
    self_attention_widening_factor: int = 1
    cross_attention_widening_factor: int = 1
    hidden_act: str = 'gelu'
    attention_probs_dropout_prob: float | int = 0.1
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12
    use_query_residual: bool = True
    vocab_size: int = 262
    max_position_embeddings: int = 2048
    image_size: int | list[int] | tuple[int, int] = 56
    train_size: list[int] | tuple[int, ...] = (368, 496)
    num_frames: int = 16
    audio_samples_per_frame: int = 1920
    samples_per_patch: int = 16
    output_shape: list[int] | tuple[int, ...] = (1, 16, 224, 224)
    output_num_channels: int = 512
    _label_trainable_num_channels: int = 1024

class PerceiverEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.latents = nn.Parameter(torch.randn(config.num_latents, config.d_latents))

class PerceiverSelfAttention(nn.Module):

    def __init__(self, config, is_cross_attention=False, qk_channels=None, v_channels=None, num_heads=1, q_dim=None, kv_dim=None):
        super().__init__()
        self.num_heads = num_heads
        if qk_channels is None:
            qk_channels = q_dim
        if v_channels is None:
            v_channels = qk_channels
        if qk_channels % num_heads != 0:
            raise ValueError(f'qk_channels ({qk_channels}) must be divisible by num_heads ({num_heads}).')
        if v_channels % num_heads != 0:
            raise ValueError(f'v_channels ({v_channels}) must be divisible by num_heads ({num_heads}).')
        self.qk_channels = qk_channels
        self.v_channels = v_channels
        self.qk_channels_per_head = self.qk_channels // num_heads
        self.v_channels_per_head = self.v_channels // num_heads
        self.layernorm1 = nn.LayerNorm(q_dim)
        self.layernorm2 = nn.LayerNorm(kv_dim) if is_cross_attention else nn.Identity()
        self.query = nn.Linear(q_dim, qk_channels)
        self.key = nn.Linear(kv_dim, qk_channels)
        self.value = nn.Linear(kv_dim, v_channels)
        self.dropout = nn.Dropout(config.attention_probs_dropout_prob)

class PerceiverSelfOutput(nn.Module):

    def __init__(self, config, input_channels, output_channels):
        super().__init__()
        self.dense = nn.Linear(input_channels, output_channels)

class PerceiverAttention(nn.Module):

    def __init__(self, config, is_cross_attention=False, qk_channels=None, v_channels=None, num_heads=1, q_dim=None, kv_dim=None, use_query_residual=True):
        super().__init__()
        if is_cross_attention and qk_channels is None:
            if config.cross_attention_shape_for_attention == 'q':
                qk_channels = q_dim
            elif config.cross_attention_shape_for_attention == 'kv':
                qk_channels = kv_dim
            else:
                raise ValueError(f'Unknown value {config.cross_attention_shape_for_attention} for cross_attention_shape_for_attention.')
        else:
            if qk_channels is None:
                qk_channels = q_dim
            if v_channels is None:
                v_channels = qk_channels
        self.self = PerceiverSelfAttention(config, is_cross_attention=is_cross_attention, qk_channels=qk_channels, v_channels=v_channels, num_heads=num_heads, q_dim=q_dim, kv_dim=kv_dim)
        output_channels = None
        if is_cross_attention:
            output_channels = q_dim
        elif output_channels is None:
            output_channels = v_channels
        self.output = PerceiverSelfOutput(config, input_channels=self.self.v_channels, output_channels=output_channels)
        self.use_query_residual = use_query_residual

class PerceiverMLP(nn.Module):

    def __init__(self, config, input_size, widening_factor):
        super().__init__()
        self.dense1 = nn.Linear(input_size, widening_factor * input_size)
        if isinstance(config.hidden_act, str):
            self.intermediate_act_fn = ACT2FN[config.hidden_act]
        else:
            self.intermediate_act_fn = config.hidden_act
        self.dense2 = nn.Linear(widening_factor * input_size, input_size)

class PerceiverLayer(nn.Module):

    def __init__(self, config, is_cross_attention=False, qk_channels=None, v_channels=None, num_heads=1, q_dim=None, kv_dim=None, widening_factor=4, use_query_residual=True):
        super().__init__()
        self.chunk_size_feed_forward = config.chunk_size_feed_forward
        self.seq_len_dim = 1
        self.attention = PerceiverAttention(config, is_cross_attention=is_cross_attention, qk_channels=qk_channels, v_channels=v_channels, num_heads=num_heads, q_dim=q_dim, kv_dim=kv_dim, use_query_residual=use_query_residual)
        self.layernorm = nn.LayerNorm(q_dim)
        self.mlp = PerceiverMLP(config, input_size=q_dim, widening_factor=widening_factor)

class PerceiverEncoder(nn.Module):

    def __init__(self, config, kv_dim=None):
        super().__init__()
        self.config = config
        if config.d_latents % config.num_self_attention_heads != 0:
            raise ValueError(f'num_z_channels ({config.d_latents}) must be divisible by num_self_attend_heads ({config.num_self_attention_heads}).')
        if config.d_latents % config.num_cross_attention_heads != 0:
            raise ValueError(f'num_z_channels ({config.d_latents}) must be divisible by num_cross_attend_heads ({config.num_cross_attention_heads}).')
        self.cross_attention = PerceiverLayer(config, is_cross_attention=True, qk_channels=config.qk_channels, v_channels=config.v_channels, num_heads=config.num_cross_attention_heads, q_dim=config.d_latents, kv_dim=kv_dim, widening_factor=config.cross_attention_widening_factor, use_query_residual=config.use_query_residual)
        self_attention_layers = []
        for _ in range(config.num_self_attends_per_block):
            layer = PerceiverLayer(config, is_cross_attention=False, qk_channels=config.qk_channels, v_channels=config.v_channels, num_heads=config.num_self_attention_heads, q_dim=config.d_latents, kv_dim=config.d_latents, widening_factor=config.self_attention_widening_factor)
            self_attention_layers.append(layer)
        self.self_attends = nn.ModuleList(self_attention_layers)

class PerceiverPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'perceiver'
    main_input_name = 'inputs'

class PerceiverModel(PerceiverPreTrainedModel):

    def __init__(self, config, decoder=None, input_preprocessor=None, output_postprocessor=None):
        super().__init__(config)
        self.config = config
        self.input_preprocessor = input_preprocessor
        self.output_postprocessor = output_postprocessor
        self.embeddings = PerceiverEmbeddings(config)
        self.encoder = PerceiverEncoder(config, kv_dim=input_preprocessor.num_channels if input_preprocessor is not None else config.d_model)
        self.decoder = decoder
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.latents

class PerceiverForMaskedLM(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        text_preprocessor = PerceiverTextPreprocessor(config)
        trainable_position_encoding_kwargs_decoder = {'num_channels': text_preprocessor.num_channels, 'index_dims': config.max_position_embeddings}
        self.perceiver = PerceiverModel(config, input_preprocessor=text_preprocessor, decoder=PerceiverBasicDecoder(config, output_num_channels=config.d_latents, output_index_dims=config.max_position_embeddings, num_channels=text_preprocessor.num_channels, qk_channels=8 * 32, v_channels=text_preprocessor.num_channels, num_heads=8, use_query_residual=False, final_project=False, trainable_position_encoding_kwargs=trainable_position_encoding_kwargs_decoder))
        self.embedding_decoder = PerceiverEmbeddingDecoder(config)
        self.post_init()

class PerceiverForSequenceClassification(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        trainable_position_encoding_kwargs_decoder = {'num_channels': config.d_latents, 'index_dims': 1}
        self.num_labels = config.num_labels
        self.perceiver = PerceiverModel(config, input_preprocessor=PerceiverTextPreprocessor(config), decoder=PerceiverClassificationDecoder(config, num_channels=config.d_latents, trainable_position_encoding_kwargs=trainable_position_encoding_kwargs_decoder, use_query_residual=True))
        self.post_init()

class PerceiverForImageClassificationLearned(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        trainable_position_encoding_kwargs_preprocessor = {'num_channels': 256, 'index_dims': config.image_size ** 2}
        trainable_position_encoding_kwargs_decoder = {'num_channels': config.d_latents, 'index_dims': 1}
        self.num_labels = config.num_labels
        self.perceiver = PerceiverModel(config, input_preprocessor=PerceiverImagePreprocessor(config, prep_type='conv1x1', spatial_downsample=1, out_channels=256, position_encoding_type='trainable', concat_or_add_pos='concat', project_pos_dim=256, trainable_position_encoding_kwargs=trainable_position_encoding_kwargs_preprocessor), decoder=PerceiverClassificationDecoder(config, num_channels=config.d_latents, trainable_position_encoding_kwargs=trainable_position_encoding_kwargs_decoder, use_query_residual=True))
        self.post_init()

class PerceiverForImageClassificationFourier(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        fourier_position_encoding_kwargs_preprocessor = {'concat_pos': True, 'max_resolution': (224, 224), 'num_bands': 64, 'sine_only': False}
        trainable_position_encoding_kwargs_decoder = {'num_channels': config.d_latents, 'index_dims': 1}
        self.num_labels = config.num_labels
        self.perceiver = PerceiverModel(config, input_preprocessor=PerceiverImagePreprocessor(config, prep_type='pixels', spatial_downsample=1, fourier_position_encoding_kwargs=fourier_position_encoding_kwargs_preprocessor), decoder=PerceiverClassificationDecoder(config, num_channels=config.d_latents, trainable_position_encoding_kwargs=trainable_position_encoding_kwargs_decoder, use_query_residual=True))
        self.post_init()

class PerceiverForImageClassificationConvProcessing(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        fourier_position_encoding_kwargs_preprocessor = {'concat_pos': True, 'max_resolution': (56, 56), 'num_bands': 64, 'sine_only': False}
        trainable_position_encoding_kwargs_decoder = {'num_channels': config.d_latents, 'index_dims': 1}
        self.num_labels = config.num_labels
        self.perceiver = PerceiverModel(config, input_preprocessor=PerceiverImagePreprocessor(config, prep_type='conv', spatial_downsample=1, position_encoding_type='fourier', fourier_position_encoding_kwargs=fourier_position_encoding_kwargs_preprocessor), decoder=PerceiverClassificationDecoder(config, num_channels=config.d_latents, trainable_position_encoding_kwargs=trainable_position_encoding_kwargs_decoder, use_query_residual=True))
        self.post_init()

class PerceiverForOpticalFlow(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        fourier_position_encoding_kwargs_preprocessor = {'num_bands': 64, 'max_resolution': config.train_size, 'sine_only': False, 'concat_pos': True}
        fourier_position_encoding_kwargs_decoder = {'concat_pos': True, 'max_resolution': config.train_size, 'num_bands': 64, 'sine_only': False}
        image_preprocessor = PerceiverImagePreprocessor(config, prep_type='patches', spatial_downsample=1, conv_after_patching=True, conv_after_patching_in_channels=54, temporal_downsample=2, position_encoding_type='fourier', fourier_position_encoding_kwargs=fourier_position_encoding_kwargs_preprocessor)
        self.perceiver = PerceiverModel(config, input_preprocessor=image_preprocessor, decoder=PerceiverOpticalFlowDecoder(config, num_channels=image_preprocessor.num_channels, output_image_shape=config.train_size, rescale_factor=100.0, use_query_residual=False, output_num_channels=2, position_encoding_type='fourier', fourier_position_encoding_kwargs=fourier_position_encoding_kwargs_decoder))
        self.post_init()

class PerceiverForMultimodalAutoencoding(PerceiverPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        n_audio_samples = config.num_frames * config.audio_samples_per_frame
        input_preprocessor = PerceiverMultimodalPreprocessor(min_padding_size=4, modalities={'audio': PerceiverAudioPreprocessor(config, position_encoding_type='fourier', fourier_position_encoding_kwargs={'num_bands': 192, 'max_resolution': (n_audio_samples,), 'sine_only': False, 'concat_pos': True}, prep_type='patches', samples_per_patch=config.samples_per_patch), 'image': PerceiverImagePreprocessor(config, position_encoding_type='fourier', fourier_position_encoding_kwargs={'num_bands': 32, 'max_resolution': (config.num_frames, config.image_size, config.image_size), 'sine_only': False, 'concat_pos': True}, prep_type='patches', spatial_downsample=4, temporal_downsample=1), 'label': PerceiverOneHotPreprocessor(config)}, mask_probs={'image': 0.0, 'audio': 0.0, 'label': 1.0})
        image_decoder = PerceiverBasicVideoAutoencodingDecoder(config, concat_preprocessed_input=False, output_shape=config.output_shape, output_num_channels=config.output_num_channels, use_query_residual=False, position_encoding_only=True, position_encoding_type='fourier', fourier_position_encoding_kwargs={'num_bands': 32, 'max_resolution': (config.num_frames, config.image_size, config.image_size), 'sine_only': False, 'concat_pos': True})
        decoder = PerceiverMultimodalDecoder(config, concat_preprocessed_input=False, modalities={'audio': PerceiverBasicDecoder(config, concat_preprocessed_input=False, output_index_dims=(n_audio_samples // config.samples_per_patch,), output_num_channels=config.output_num_channels, use_query_residual=False, position_encoding_only=True, position_encoding_type='fourier', fourier_position_encoding_kwargs={'num_bands': 192, 'max_resolution': (n_audio_samples,), 'sine_only': False, 'concat_pos': True}), 'image': image_decoder, 'label': PerceiverClassificationDecoder(config, concat_preprocessed_input=False, use_query_residual=False, position_encoding_only=True, position_encoding_type='trainable', trainable_position_encoding_kwargs={'num_channels': config._label_trainable_num_channels, 'index_dims': 1})}, num_outputs=None, output_num_channels=config.output_num_channels, use_query_residual=False)
        output_postprocessor = PerceiverMultimodalPostprocessor(modalities={'audio': PerceiverAudioPostprocessor(config, in_channels=config.output_num_channels), 'image': PerceiverProjectionPostprocessor(in_channels=config.output_num_channels, out_channels=3), 'label': PerceiverClassificationPostprocessor(config, in_channels=config.output_num_channels)})
        self.perceiver = PerceiverModel(config, input_preprocessor=input_preprocessor, decoder=decoder, output_postprocessor=output_postprocessor)
        self.post_init()

def build_position_encoding(position_encoding_type, out_channels=None, project_pos_dim=-1, trainable_position_encoding_kwargs=None, fourier_position_encoding_kwargs=None):
    if position_encoding_type == 'trainable':
        if not trainable_position_encoding_kwargs:
            raise ValueError('Make sure to pass trainable_position_encoding_kwargs')
        output_pos_enc = PerceiverTrainablePositionEncoding(**trainable_position_encoding_kwargs)
    elif position_encoding_type == 'fourier':
        if not fourier_position_encoding_kwargs:
            raise ValueError('Make sure to pass fourier_position_encoding_kwargs')
        output_pos_enc = PerceiverFourierPositionEncoding(**fourier_position_encoding_kwargs)
    else:
        raise ValueError(f'Unknown position encoding type: {position_encoding_type}.')
    positions_projection = nn.Linear(out_channels, project_pos_dim) if project_pos_dim > 0 else nn.Identity()
    return (output_pos_enc, positions_projection)

class PerceiverAbstractDecoder(nn.Module):

    @property
    @abc.abstractmethod
    def num_query_channels(self):
        raise NotImplementedError

class PerceiverBasicDecoder(PerceiverAbstractDecoder):

    def __init__(self, config, output_num_channels, position_encoding_type='trainable', output_index_dims=None, num_channels=128, subsampled_index_dims=None, qk_channels=None, v_channels=None, num_heads=1, widening_factor=1, use_query_residual=False, concat_preprocessed_input=False, final_project=True, position_encoding_only=False, **position_encoding_kwargs):
        super().__init__()
        self.output_num_channels = output_num_channels
        self.output_position_encodings = None
        self.position_encoding_type = position_encoding_type
        self.position_encoding_kwargs = position_encoding_kwargs
        if position_encoding_type != 'none':
            self.output_position_encodings, self.positions_projection = build_position_encoding(position_encoding_type=position_encoding_type, **position_encoding_kwargs)
        self.output_index_dims = output_index_dims
        self.num_channels = num_channels
        if subsampled_index_dims is None:
            subsampled_index_dims = output_index_dims
        self.subsampled_index_dims = subsampled_index_dims
        self.concat_preprocessed_input = concat_preprocessed_input
        self.final_project = final_project
        self.position_encoding_only = position_encoding_only
        if not self.position_encoding_only:
            self.decoding_cross_attention = PerceiverLayer(config, is_cross_attention=True, qk_channels=qk_channels, v_channels=v_channels, num_heads=num_heads, q_dim=num_channels, kv_dim=config.d_latents, widening_factor=widening_factor, use_query_residual=use_query_residual)
            self.final_layer = nn.Linear(num_channels, output_num_channels) if final_project else nn.Identity()

    @property
    def num_query_channels(self):
        if self.position_encoding_type == 'none':
            raise ValueError('You cannot calculate number of decoder query channels when position_encoding_type is set to none')
        if self.position_encoding_only:
            if 'project_pos_dim' in self.position_encoding_kwargs:
                return self.position_encoding_kwargs['project_pos_dim']
            return self.output_position_encodings.output_size()
        if self.final_project:
            return self.output_num_channels
        return self.num_channels

class PerceiverClassificationDecoder(PerceiverAbstractDecoder):

    def __init__(self, config, **decoder_kwargs):
        super().__init__()
        self.num_labels = config.num_labels
        self.decoder = PerceiverBasicDecoder(config, output_num_channels=self.num_labels, output_index_dims=1, **decoder_kwargs)

    @property
    def num_query_channels(self):
        return self.decoder.num_query_channels

class PerceiverOpticalFlowDecoder(PerceiverAbstractDecoder):

    def __init__(self, config, output_image_shape, output_num_channels=2, rescale_factor=100.0, **decoder_kwargs):
        super().__init__()
        self.output_image_shape = output_image_shape
        self.output_num_channels = output_num_channels
        self.rescale_factor = rescale_factor
        self.decoder = PerceiverBasicDecoder(config, output_num_channels=output_num_channels, **decoder_kwargs)

    @property
    def num_query_channels(self):
        return self.decoder.num_query_channels

class PerceiverBasicVideoAutoencodingDecoder(PerceiverAbstractDecoder):

    def __init__(self, config, output_shape, position_encoding_type, **decoder_kwargs):
        super().__init__()
        if len(output_shape) != 4:
            raise ValueError(f'Expected rank 4 output_shape, got {output_shape}.')
        self.output_shape = output_shape
        self.output_num_channels = decoder_kwargs['output_num_channels']
        self.decoder = PerceiverBasicDecoder(config, output_index_dims=self.output_shape[1:4], position_encoding_type=position_encoding_type, **decoder_kwargs)

    @property
    def num_query_channels(self):
        return self.decoder.num_query_channels

class PerceiverMultimodalDecoder(PerceiverAbstractDecoder):

    def __init__(self, config, modalities, num_outputs, output_num_channels, min_padding_size=2, subsampled_index_dims=None, **decoder_kwargs):
        super().__init__()
        self.modalities = nn.ModuleDict(modalities)
        self.subsampled_index_dims = subsampled_index_dims
        self.min_padding_size = min_padding_size
        self.output_num_channels = output_num_channels
        self.num_outputs = num_outputs
        self.decoder = PerceiverBasicDecoder(config, output_index_dims=(num_outputs,), output_num_channels=output_num_channels, position_encoding_type='none', num_channels=self.num_query_channels, **decoder_kwargs)
        self.padding = nn.ParameterDict({modality: nn.Parameter(torch.randn(1, self.num_query_channels - decoder.num_query_channels)) for modality, decoder in modalities.items()})

    @property
    def num_query_channels(self):
        max_channel_size = max((decoder.num_query_channels for _, decoder in self.modalities.items()))
        common_channel_size = max_channel_size + self.min_padding_size
        return common_channel_size

class Conv2dSamePadding(nn.Conv2d):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.zero_pad_2d = nn.ZeroPad2d(reduce(__add__, [(k // 2 + (k - 2 * (k // 2)) - 1, k // 2) for k in self.kernel_size[::-1]]))

class Conv2DDownsample(nn.Module):

    def __init__(self, num_layers=1, in_channels=3, out_channels=64, use_batchnorm=True):
        super().__init__()
        self.conv = Conv2dSamePadding(in_channels=in_channels, out_channels=out_channels, kernel_size=7, stride=2, bias=False)
        self.batchnorm = nn.BatchNorm2d(num_features=out_channels) if use_batchnorm else nn.Identity()
        self.relu = nn.ReLU()
        self.max_pool = nn.MaxPool2d(kernel_size=3, stride=2)

class PerceiverAbstractPositionEncoding(nn.Module):

    @property
    @abc.abstractmethod
    def num_dimensions(self):
        raise NotImplementedError

    @abc.abstractmethod
    def output_size(self, *args, **kwargs):
        raise NotImplementedError

class PerceiverTrainablePositionEncoding(PerceiverAbstractPositionEncoding):

    def __init__(self, index_dims, num_channels=128):
        super().__init__()
        self._num_channels = num_channels
        self._index_dims = index_dims
        index_dim = np.prod(index_dims)
        self.position_embeddings = nn.Parameter(torch.randn(index_dim, num_channels))

    @property
    def num_dimensions(self):
        if isinstance(self._index_dims, int):
            return 1
        return len(self._index_dims)

    def output_size(self, *args, **kwargs):
        return self._num_channels

class PerceiverFourierPositionEncoding(PerceiverAbstractPositionEncoding):

    def __init__(self, num_bands, max_resolution, concat_pos=True, sine_only=False):
        super().__init__()
        self.num_bands = num_bands
        self.max_resolution = max_resolution
        self.concat_pos = concat_pos
        self.sine_only = sine_only

    @property
    def num_dimensions(self):
        return len(self.max_resolution)

    def output_size(self):
        num_dims = len(self.max_resolution)
        encoding_size = self.num_bands * num_dims
        if not self.sine_only:
            encoding_size *= 2
        if self.concat_pos:
            encoding_size += self.num_dimensions
        return encoding_size

class AbstractPreprocessor(nn.Module):

    @property
    def num_channels(self):
        raise NotImplementedError()

class PerceiverTextPreprocessor(AbstractPreprocessor):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embeddings = nn.Embedding(num_embeddings=config.vocab_size, embedding_dim=config.d_model)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, config.d_model)

    @property
    def num_channels(self):
        return self.config.d_model

class PerceiverEmbeddingDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.vocab_size = config.vocab_size
        self.bias = nn.Parameter(torch.zeros(self.vocab_size))

class PerceiverMultimodalPostprocessor(nn.Module):

    def __init__(self, modalities, input_is_dict=False):
        super().__init__()
        self.modalities = nn.ModuleDict(modalities)
        self.input_is_dict = input_is_dict

class PerceiverClassificationPostprocessor(nn.Module):

    def __init__(self, config, in_channels):
        super().__init__()
        self.classifier = nn.Linear(in_channels, config.num_labels)

class PerceiverAudioPostprocessor(nn.Module):

    def __init__(self, config, in_channels, postproc_type='patches'):
        super().__init__()
        if postproc_type != 'patches':
            raise ValueError('Invalid postproc_type!')
        self.classifier = nn.Linear(in_channels, config.samples_per_patch)

class PerceiverProjectionPostprocessor(nn.Module):

    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.classifier = nn.Linear(in_channels, out_channels)

class PerceiverImagePreprocessor(AbstractPreprocessor):

    def __init__(self, config, prep_type='conv', spatial_downsample=4, temporal_downsample=1, position_encoding_type='fourier', in_channels=3, out_channels=64, conv_after_patching=False, conv_after_patching_in_channels=54, conv2d_use_batchnorm=True, concat_or_add_pos='concat', project_pos_dim=-1, **position_encoding_kwargs):
        super().__init__()
        self.config = config
        if prep_type not in ('conv', 'patches', 'pixels', 'conv1x1'):
            raise ValueError(f'Prep_type {prep_type} is invalid')
        if concat_or_add_pos not in ['concat', 'add']:
            raise ValueError(f'Invalid value {concat_or_add_pos} for concat_or_add_pos.')
        self.in_channels = in_channels
        self.prep_type = prep_type
        self.spatial_downsample = spatial_downsample
        self.temporal_downsample = temporal_downsample
        self.position_encoding_type = position_encoding_type
        self.concat_or_add_pos = concat_or_add_pos
        self.conv_after_patching = conv_after_patching
        self.out_channels = out_channels
        if self.prep_type == 'conv':
            convnet_num_layers = math.log(spatial_downsample, 4)
            convnet_num_layers_is_int = convnet_num_layers == np.round(convnet_num_layers)
            if not convnet_num_layers_is_int or temporal_downsample != 1:
                raise ValueError('Only powers of 4 expected for spatial and 1 expected for temporal downsampling with conv.')
            self.convnet = Conv2DDownsample(in_channels=in_channels, num_layers=int(convnet_num_layers), out_channels=out_channels, use_batchnorm=conv2d_use_batchnorm)
        elif self.prep_type == 'conv1x1':
            if temporal_downsample != 1:
                raise ValueError('Conv1x1 does not downsample in time.')
            self.convnet_1x1 = nn.Conv2d(in_channels=in_channels, out_channels=out_channels, kernel_size=(1, 1), stride=(spatial_downsample, spatial_downsample))
        self.project_pos_dim = project_pos_dim
        self.position_embeddings, self.positions_projection = build_position_encoding(position_encoding_type=position_encoding_type, out_channels=out_channels, project_pos_dim=project_pos_dim, **position_encoding_kwargs)
        self.conv_after_patches = nn.Linear(conv_after_patching_in_channels, self.out_channels) if conv_after_patching else nn.Identity()

    @property
    def num_channels(self):
        is_temporal = self.position_embeddings.num_dimensions > 2
        if self.project_pos_dim > 0:
            pos_dim = self.project_pos_dim
        else:
            pos_dim = self.position_embeddings.output_size()
        if self.concat_or_add_pos == 'add':
            return pos_dim
        if self.conv_after_patching or self.prep_type in ('conv1x1', 'conv'):
            inp_dim = self.out_channels
        elif self.prep_type == 'pixels':
            inp_dim = self.in_channels
            if not is_temporal:
                inp_dim = math.ceil(inp_dim / self.spatial_downsample)
        elif self.prep_type == 'patches':
            if self.conv_after_patching:
                inp_dim = self.out_channels
            else:
                inp_dim = self.in_channels * self.spatial_downsample ** 2
                if is_temporal:
                    inp_dim *= self.temporal_downsample
        return inp_dim + pos_dim

class PerceiverOneHotPreprocessor(AbstractPreprocessor):

    def __init__(self, config):
        super().__init__()
        self.config = config

    @property
    def num_channels(self):
        return self.config.num_labels

class PerceiverAudioPreprocessor(AbstractPreprocessor):

    def __init__(self, config, prep_type='patches', samples_per_patch=96, position_encoding_type='fourier', concat_or_add_pos='concat', out_channels=64, project_pos_dim=-1, **position_encoding_kwargs):
        super().__init__()
        self.config = config
        if prep_type != 'patches':
            raise ValueError(f"Prep_type {prep_type} is invalid, can only be 'patches'.")
        if concat_or_add_pos not in ['concat', 'add']:
            raise ValueError(f"Concat_or_pos {concat_or_add_pos} is invalid, can only be 'concat' or 'add'.")
        self.samples_per_patch = samples_per_patch
        self.position_encoding_type = position_encoding_type
        self.concat_or_add_pos = concat_or_add_pos
        self.project_pos_dim = project_pos_dim
        self.position_embeddings, self.positions_projection = build_position_encoding(position_encoding_type=position_encoding_type, out_channels=out_channels, project_pos_dim=project_pos_dim, **position_encoding_kwargs)

    @property
    def num_channels(self):
        if self.project_pos_dim > 0:
            pos_dim = self.project_pos_dim
        else:
            pos_dim = self.position_embeddings.output_size()
        if self.concat_or_add_pos == 'add':
            return pos_dim
        return self.samples_per_patch + pos_dim

class PerceiverMultimodalPreprocessor(AbstractPreprocessor):

    def __init__(self, modalities, mask_probs=None, min_padding_size=2):
        super().__init__()
        self.modalities = nn.ModuleDict(modalities)
        self.min_padding_size = min_padding_size
        self.mask_probs = mask_probs if mask_probs is not None else {}
        self.padding = nn.ParameterDict({modality: nn.Parameter(torch.randn(1, self.num_channels - preprocessor.num_channels)) for modality, preprocessor in modalities.items()})
        self.mask = nn.ParameterDict({modality: nn.Parameter(torch.randn(1, self.num_channels)) for modality, _ in self.mask_probs.items()})

    @property
    def num_channels(self):
        max_channel_size = max((processor.num_channels for _, processor in self.modalities.items()))
        common_channel_size = max_channel_size + self.min_padding_size
        return common_channel_size
