"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_modeling_utils. Made by `python -m loracfg.base.transcriber`."""
from .common_distributed_sharding_utils import _tied_params_are_equal
from itertools import cycle
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import PreTrained
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import re
get_module_from_name = Unknown('get_module_from_name')

def get_torch_context_manager_or_global_device():
    device_in_context = torch.tensor([]).device
    default_device = torch.get_default_device()
    if device_in_context == default_device:
        if default_device != torch.device('cpu'):
            return default_device
        return None
    return device_in_context

class EmbeddingAccessMixin:
    _input_embed_layer = 'embed_tokens'

    def get_input_embeddings(self):
        name = getattr(self, '_input_embed_layer', 'embed_tokens')
        if (default_embedding := getattr(self, name, None)) is not None:
            return default_embedding
        embeddings = getattr(self, 'embeddings', None)
        if embeddings is not None and hasattr(embeddings, name):
            return getattr(embeddings, name)
        model = getattr(self, 'model', None)
        if model is not None and hasattr(model, name):
            return getattr(model, name)
        language_model = getattr(self, 'language_model', None)
        if language_model is not None and language_model is not self and hasattr(language_model, 'get_input_embeddings'):
            return language_model.get_input_embeddings()
        base_model = getattr(self, 'base_model', None)
        if base_model is not None and base_model is not self and hasattr(base_model, 'get_input_embeddings'):
            return base_model.get_input_embeddings()
        raise NotImplementedError(f'`get_input_embeddings` not auto‑handled for {self.__class__.__name__}; please override in the subclass.')

    def get_output_embeddings(self):
        if not hasattr(self, 'lm_head'):
            return None
        try:
            self.get_input_embeddings()
        except NotImplementedError:
            return None
        return self.lm_head

class PreTrainedModel(PreTrained, EmbeddingAccessMixin):
    base_model_prefix = ''
    _tied_weights_keys = None

    @property
    def base_model(self):
        return getattr(self, self.base_model_prefix, self)

    def get_encoder(self, modality=None):
        if modality in ['image', 'video']:
            possible_module_names = ['vision_tower', 'visual', 'vision_model', 'vision_encoder', 'image_tower']
        elif modality == 'audio':
            possible_module_names = ['audio_tower', 'audio_encoder', 'speech_encoder']
        elif modality is None:
            possible_module_names = ['text_encoder', 'encoder']
        else:
            raise ValueError(f'Unnrecognized modality, has to be "image", "video" or "audio" but found {modality}')
        for name in possible_module_names:
            if hasattr(self, name):
                return getattr(self, name)
        if self.base_model is not self and hasattr(self.base_model, 'get_encoder'):
            base_encoder = self.base_model.get_encoder(modality=modality)
            if base_encoder != self.base_model:
                return base_encoder
        return self

    def get_decoder(self):
        possible_module_names = ['language_model', 'text_model', 'decoder', 'text_decoder']
        for name in possible_module_names:
            if hasattr(self, name):
                return getattr(self, name)
        if self.base_model is not self and hasattr(self.base_model, 'get_decoder'):
            return self.base_model.get_decoder()
        return self

    def get_expanded_tied_weights_keys(self, all_submodels=False):
        if all_submodels:
            expanded_tied_weights = {}
            for prefix, submodule in self.named_modules(remove_duplicate=False):
                if isinstance(submodule, PreTrainedModel):
                    submodel_tied_weights = submodule.get_expanded_tied_weights_keys(all_submodels=False)
                    if prefix != '':
                        submodel_tied_weights = {f'{prefix}.{k}': f'{prefix}.{v}' for k, v in submodel_tied_weights.items()}
                    expanded_tied_weights.update(submodel_tied_weights)
            return expanded_tied_weights
        tied_mapping = self._tied_weights_keys
        tie_word_embeddings = getattr(self.config, 'tie_word_embeddings', False)
        if not tie_word_embeddings:
            return {}
        elif tied_mapping is None:
            return {}
        common_case_regex = re.compile('^[A-Za-z0-9_\\.]+(weight)|(bias)$')
        if all((common_case_regex.match(k) for k in tied_mapping.keys() | tied_mapping.values())):
            return tied_mapping.copy()
        expanded_tied_weights = {}
        all_param_names = {k for k, _ in self.named_parameters(remove_duplicate=False)} | {k for k, _ in self.named_buffers(remove_duplicate=False)}
        for target_name, source_name in tied_mapping.items():
            target_name = '^' + target_name
            source_name = '^' + source_name
            source_params = sorted(filter(lambda x: re.search(source_name, x), all_param_names))
            target_params = sorted(filter(lambda x: re.search(target_name, x), all_param_names))
            if not len(source_params) > 0 or not len(target_params) > 0 or len(target_params) % len(source_params) != 0:
                raise ValueError(f'There is an issue with your definition of `tie_weights_keys` for {source_name}:{target_name}. We found {source_params} to tie into {target_params}')
            for target_n, source_n in zip(target_params, cycle(source_params)):
                if source_n in expanded_tied_weights.keys():
                    expanded_tied_weights[target_n] = expanded_tied_weights[source_n]
                else:
                    expanded_tied_weights[target_n] = source_n
        return expanded_tied_weights

    def tie_weights(self, missing_keys=None, recompute_mapping=True):
        if not recompute_mapping:
            tied_keys = self.all_tied_weights_keys
        else:
            tied_keys = self.get_expanded_tied_weights_keys(all_submodels=True)
        tied_keys = list(tied_keys.items())
        for i, (target_param_name, source_param_name) in enumerate(tied_keys):
            if missing_keys is not None:
                remove_from_missing = True
                source_is_there = source_param_name not in missing_keys
                target_is_there = target_param_name not in missing_keys
                if source_is_there and target_is_there:
                    source_param = self.get_parameter(source_param_name)
                    target_param = self.get_parameter(target_param_name)
                    if source_param.device.type == 'meta' and target_param.device.type == 'meta':
                        continue
                    if not _tied_params_are_equal(source_param, target_param):
                        self.all_tied_weights_keys.pop(target_param_name)
                        continue
                elif not source_is_there and target_is_there:
                    target_param_name, source_param_name = (source_param_name, target_param_name)
                elif not source_is_there and (not target_is_there):
                    for target_backup, source_backup in tied_keys[i + 1:]:
                        if source_backup == source_param_name:
                            target_backup_is_there = target_backup not in missing_keys
                            if target_backup_is_there:
                                source_param_name = target_backup
                                break
                    else:
                        remove_from_missing = False
            source_param = self.get_parameter_or_buffer(source_param_name)
            if '.' in target_param_name:
                parent_name, name = target_param_name.rsplit('.', 1)
                parent = self.get_submodule(parent_name)
            else:
                name = target_param_name
                parent = self
            setattr(parent, name, source_param)
            self._adjust_bias(parent, source_param)
            if missing_keys is not None and remove_from_missing:
                missing_keys.discard(target_param_name)

    def _adjust_bias(self, output_embeddings, input_embeddings):
        if getattr(output_embeddings, 'bias', None) is not None and hasattr(output_embeddings, 'weight'):
            weight_shape = output_embeddings.weight.shape
            output_embeddings.bias.data = nn.functional.pad(output_embeddings.bias.data, (0, weight_shape[0] - output_embeddings.bias.shape[0]), 'constant', 0)
        if hasattr(output_embeddings, 'out_features') and hasattr(input_embeddings, 'num_embeddings'):
            output_embeddings.out_features = input_embeddings.num_embeddings

    def get_parameter_or_buffer(self, target):
        try:
            return self.get_parameter(target)
        except AttributeError:
            pass
        try:
            return self.get_buffer(target)
        except AttributeError:
            pass
        module, param_name = get_module_from_name(self, target)
        if param_name == '_extra_state' and getattr(module.__class__, 'get_extra_state', torch.nn.Module.get_extra_state) is not torch.nn.Module.get_extra_state:
            return module.get_extra_state()
        raise AttributeError(f'`{target}` is neither a parameter, buffer, nor extra state.')

class PreTrainedAudioTokenizerBase(PreTrainedModel):
    pass
