"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): common_modeling_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import PreTrained, abstractmethod
from loracfg.base.catalogue.stand_ins.nn import nn

def get_parameter_device(parameter):
    try:
        return next(parameter.parameters()).device
    except StopIteration:

        def find_tensor_attributes(module):
            tuples = [(k, v) for k, v in module.__dict__.items() if torch.is_tensor(v)]
            return tuples
        gen = parameter._named_members(get_members_fn=find_tensor_attributes)
        first_tuple = next(gen)
        return first_tuple[1].device

class EmbeddingAccessMixin:
    _input_embed_layer = 'embed_tokens'

    def get_input_embeddings(self):
        name = getattr(self, '_input_embed_layer', 'embed_tokens')
        if (default_embedding := getattr(self, name, None)) is not None:
            return default_embedding
        if hasattr(self, 'model') and hasattr(self.model, 'embed_tokens'):
            return self.model.embed_tokens
        elif hasattr(self, 'embed_tokens'):
            return self.embed_tokens
        else:
            base_model = getattr(self, 'base_model_prefix', None)
            if base_model is not None:
                base_model = getattr(self, base_model, None)
                if base_model is not None and base_model is not self:
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

    def get_decoder(self):
        if hasattr(self, 'decoder'):
            return self.decoder
        if hasattr(self, 'model'):
            inner = self.model
            if hasattr(inner, 'get_decoder') and type(inner) is not type(self):
                return inner.get_decoder()
            return inner
        return self

    def tie_embeddings_and_encoder_decoder(self):
        if getattr(self.config.get_text_config(decoder=True), 'tie_word_embeddings', True):
            output_embeddings = self.get_output_embeddings()
            if output_embeddings is not None:
                self._tie_or_clone_weights(output_embeddings, self.get_input_embeddings())
        if getattr(self.config, 'is_encoder_decoder', False) and getattr(self.config, 'tie_encoder_decoder', False):
            if hasattr(self, self.base_model_prefix):
                self = getattr(self, self.base_model_prefix)
            tied_weights = self._tie_encoder_decoder_weights(self.encoder, self.decoder, self.base_model_prefix, 'encoder')
            self._dynamic_tied_weights_keys = tied_weights

    def tie_weights(self):
        for module in self.modules():
            if isinstance(module, PreTrainedModel):
                module.tie_embeddings_and_encoder_decoder()
            if hasattr(module, '_tie_weights'):
                module._tie_weights()

    @staticmethod
    def _tie_encoder_decoder_weights(encoder, decoder, base_model_prefix, base_encoder_name):
        uninitialized_encoder_weights = []
        tied_weights = []
        if decoder.__class__ != encoder.__class__:
            pass

        def tie_encoder_to_decoder_recursively(decoder_pointer, encoder_pointer, module_name, base_encoder_name, uninitialized_encoder_weights, depth=0, total_decoder_name='', total_encoder_name=''):
            assert isinstance(decoder_pointer, nn.Module) and isinstance(encoder_pointer, nn.Module)
            if hasattr(decoder_pointer, 'weight'):
                assert hasattr(encoder_pointer, 'weight')
                encoder_pointer.weight = decoder_pointer.weight
                tied_weights.append(f'{base_encoder_name}{total_encoder_name}.weight')
                if hasattr(decoder_pointer, 'bias'):
                    assert hasattr(encoder_pointer, 'bias')
                    tied_weights.append(f'{base_encoder_name}{total_encoder_name}.bias')
                    encoder_pointer.bias = decoder_pointer.bias
                return
            encoder_modules = encoder_pointer._modules
            decoder_modules = decoder_pointer._modules
            if len(decoder_modules) > 0:
                assert len(encoder_modules) > 0
                all_encoder_weights = {module_name + '/' + sub_name for sub_name in encoder_modules}
                encoder_layer_pos = 0
                for name in decoder_modules:
                    if name.isdigit():
                        encoder_name = str(int(name) + encoder_layer_pos)
                        decoder_name = name
                        if not isinstance(decoder_modules[decoder_name], type(encoder_modules[encoder_name])) and len(encoder_modules) != len(decoder_modules):
                            encoder_layer_pos -= 1
                            continue
                    elif name not in encoder_modules:
                        continue
                    elif depth > 500:
                        raise ValueError('Max depth of recursive function `tie_encoder_to_decoder` reached. It seems that there is a circular dependency between two or more `nn.Modules` of your model.')
                    else:
                        decoder_name = encoder_name = name
                    tie_encoder_to_decoder_recursively(decoder_modules[decoder_name], encoder_modules[encoder_name], module_name + '/' + name, base_encoder_name, uninitialized_encoder_weights, depth=depth + 1, total_encoder_name=f'{total_encoder_name}.{encoder_name}', total_decoder_name=f'{total_decoder_name}.{decoder_name}')
                    all_encoder_weights.remove(module_name + '/' + encoder_name)
                uninitialized_encoder_weights += list(all_encoder_weights)
        tie_encoder_to_decoder_recursively(decoder, encoder, base_model_prefix, base_encoder_name, uninitialized_encoder_weights)
        if len(uninitialized_encoder_weights) > 0:
            pass
        return tied_weights

    def _tie_or_clone_weights(self, output_embeddings, input_embeddings):
        if self.config.torchscript:
            output_embeddings.weight = nn.Parameter(input_embeddings.weight.clone())
        else:
            output_embeddings.weight = input_embeddings.weight
        if hasattr(input_embeddings, '_is_hooked') and getattr(input_embeddings, '_hf_tp_plan', None):
            output_embeddings._is_hooked = input_embeddings._is_hooked
            output_embeddings._hf_tp_plan = input_embeddings._hf_tp_plan
            output_embeddings._forward_hooks = input_embeddings._forward_hooks
            output_embeddings._forward_pre_hooks = input_embeddings._forward_pre_hooks
            output_embeddings.__repr__ = lambda: f'{output_embeddings.__repr__()}\nTP Plan: {output_embeddings._hf_tp_plan}'
        if getattr(output_embeddings, 'bias', None) is not None:
            output_embeddings.bias.data = nn.functional.pad(output_embeddings.bias.data, (0, output_embeddings.weight.shape[0] - output_embeddings.bias.shape[0]), 'constant', 0)
        if hasattr(output_embeddings, 'out_features') and hasattr(input_embeddings, 'num_embeddings'):
            output_embeddings.out_features = input_embeddings.num_embeddings

class PreTrainedAudioTokenizerBase(PreTrainedModel):

    @abstractmethod
    def encode(self, input_values, *args, **kwargs):
        pass

    @abstractmethod
    def decode(self, audio_codes, *args, **kwargs):
        pass
