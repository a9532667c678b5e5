"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): common_configuration_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.models import PushToHubMixin
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import copy
__version__ = '4.57.6'
is_torch_available = lambda *_: True

class PretrainedConfig(PushToHubMixin):
    model_type = ''
    base_config_key = ''
    sub_configs = {}
    has_no_defaults_at_init = False
    attribute_map = {}
    base_model_tp_plan = None
    base_model_pp_plan = None
    base_model_ep_plan = None
    _auto_class = None

    def __setattr__(self, key, value):
        if key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        super().__setattr__(key, value)

    def __getattribute__(self, key):
        if key != 'attribute_map' and key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        return super().__getattribute__(key)

    def __init__(self, *, output_hidden_states=False, output_attentions=False, return_dict=True, torchscript=False, dtype=None, pruned_heads=None, tie_word_embeddings=True, chunk_size_feed_forward=0, is_encoder_decoder=False, is_decoder=False, cross_attention_hidden_size=None, add_cross_attention=False, tie_encoder_decoder=False, architectures=None, finetuning_task=None, id2label=None, label2id=None, num_labels=None, task_specific_params=None, problem_type=None, tokenizer_class=None, prefix=None, bos_token_id=None, pad_token_id=None, eos_token_id=None, sep_token_id=None, decoder_start_token_id=None, **kwargs):
        if label2id is not None and (not isinstance(label2id, dict)):
            raise ValueError('Argument label2id should be a dictionary.')
        if id2label is not None and (not isinstance(id2label, dict)):
            raise ValueError('Argument id2label should be a dictionary.')
        if num_labels is not None and id2label is not None and (len(id2label) != num_labels):
            pass
        if problem_type is not None and problem_type not in ('regression', 'single_label_classification', 'multi_label_classification'):
            raise ValueError(f"The config parameter `problem_type` was not understood: received {problem_type} but only 'regression', 'single_label_classification' and 'multi_label_classification' are valid.")
        if (torch_dtype := kwargs.pop('torch_dtype', None)) is not None:
            dtype = dtype if dtype is not None else torch_dtype
        if dtype is not None and isinstance(dtype, str) and is_torch_available():
            from loracfg.base.catalogue.stand_ins.functions import torch
            dtype = getattr(torch, dtype)
        self.return_dict = return_dict
        self.output_hidden_states = output_hidden_states
        self.torchscript = torchscript
        self.dtype = dtype
        self._output_attentions = output_attentions
        self.pruned_heads = pruned_heads if pruned_heads is not None else {}
        self.tie_word_embeddings = tie_word_embeddings
        self.chunk_size_feed_forward = chunk_size_feed_forward
        self.is_encoder_decoder = is_encoder_decoder
        self.is_decoder = is_decoder
        self.cross_attention_hidden_size = cross_attention_hidden_size
        self.add_cross_attention = add_cross_attention
        self.tie_encoder_decoder = tie_encoder_decoder
        self.architectures = architectures
        self.finetuning_task = finetuning_task
        self.id2label = id2label
        self.label2id = label2id
        self.task_specific_params = task_specific_params
        self.problem_type = problem_type
        if self.id2label is None:
            self._create_id_label_maps(num_labels if num_labels is not None else 2)
        else:
            self.id2label = {int(key): value for key, value in self.id2label.items()}
        self.tokenizer_class = tokenizer_class
        self.prefix = prefix
        self.bos_token_id = bos_token_id
        self.pad_token_id = pad_token_id
        self.eos_token_id = eos_token_id
        self.sep_token_id = sep_token_id
        self.decoder_start_token_id = decoder_start_token_id
        for parameter_name, default_value in self._get_global_generation_defaults().items():
            setattr(self, parameter_name, kwargs.pop(parameter_name, default_value))
        self._name_or_path = str(kwargs.pop('name_or_path', ''))
        self._commit_hash = kwargs.pop('_commit_hash', None)
        self._attn_implementation = kwargs.pop('attn_implementation', None)
        self.transformers_version = kwargs.pop('transformers_version', None)
        if kwargs.get('gradient_checkpointing', False):
            pass
        for key, value in kwargs.items():
            try:
                setattr(self, key, value)
            except AttributeError as err:
                raise err
        self.tf_legacy_loss = kwargs.pop('tf_legacy_loss', False)
        self.use_bfloat16 = kwargs.pop('use_bfloat16', False)

    def _create_id_label_maps(self, num_labels):
        self.id2label = {i: f'LABEL_{i}' for i in range(num_labels)}
        self.label2id = dict(zip(self.id2label.values(), self.id2label.keys()))

    @property
    def name_or_path(self):
        return getattr(self, '_name_or_path', None)

    @name_or_path.setter
    def name_or_path(self, value):
        self._name_or_path = str(value)

    @property
    def output_attentions(self):
        return self._output_attentions

    @output_attentions.setter
    def output_attentions(self, value):
        if value and self._attn_implementation is None:
            self._attn_implementation = 'eager'
        if value and self._attn_implementation != 'eager':
            raise ValueError(f"The `output_attentions` attribute is not supported when using the `attn_implementation` set to {self._attn_implementation}. Please set it to 'eager' instead.")
        self._output_attentions = value

    @property
    def use_return_dict(self):
        return self.return_dict and (not self.torchscript)

    @property
    def num_labels(self):
        return len(self.id2label)

    @num_labels.setter
    def num_labels(self, num_labels):
        if self.id2label is None or self.num_labels != num_labels:
            self._create_id_label_maps(num_labels)

    @property
    def _attn_implementation(self):
        return self._attn_implementation_internal

    @_attn_implementation.setter
    def _attn_implementation(self, value):
        current_attn = getattr(self, '_attn_implementation', None)
        attn_implementation = value if not isinstance(value, dict) else value.get('', current_attn)
        self._attn_implementation_internal = attn_implementation
        for subconfig_key in self.sub_configs:
            subconfig = getattr(self, subconfig_key, None)
            if subconfig is not None:
                current_subconfig_attn = getattr(subconfig, '_attn_implementation', None)
                sub_implementation = value if not isinstance(value, dict) else value.get(subconfig_key, current_subconfig_attn)
                subconfig._attn_implementation = sub_implementation

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        return_unused_kwargs = kwargs.pop('return_unused_kwargs', False)
        kwargs.pop('_from_auto', None)
        kwargs.pop('_from_pipeline', None)
        if '_commit_hash' in kwargs and '_commit_hash' in config_dict:
            kwargs['_commit_hash'] = config_dict['_commit_hash']
        if (torch_dtype := kwargs.pop('torch_dtype', None)) is not None:
            kwargs['dtype'] = kwargs.get('dtype', torch_dtype)
        config_dict['attn_implementation'] = kwargs.pop('attn_implementation', None)
        config = cls(**config_dict)
        if hasattr(config, 'pruned_heads'):
            config.pruned_heads = {int(key): value for key, value in config.pruned_heads.items()}
        if 'num_labels' in kwargs and 'id2label' in kwargs:
            num_labels = kwargs['num_labels']
            id2label = kwargs['id2label'] if kwargs['id2label'] is not None else []
            if len(id2label) != num_labels:
                raise ValueError(f"You passed along `num_labels={num_labels}` with an incompatible id to label map: {kwargs['id2label']}. Since those arguments are inconsistent with each other, you should remove one of them.")
        to_remove = []
        for key, value in kwargs.items():
            if hasattr(config, key):
                current_attr = getattr(config, key)
                if isinstance(current_attr, PretrainedConfig) and isinstance(value, dict):
                    current_attr_updated = current_attr.to_dict()
                    current_attr_updated.update(value)
                    value = current_attr.__class__(**current_attr_updated)
                setattr(config, key, value)
                if key != 'dtype':
                    to_remove.append(key)
        for key in to_remove:
            kwargs.pop(key, None)
        if return_unused_kwargs:
            return (config, kwargs)
        else:
            return config

    def __iter__(self):
        yield from self.__dict__

    def to_dict(self):
        output = copy.deepcopy(self.__dict__)
        if hasattr(self.__class__, 'model_type'):
            output['model_type'] = self.__class__.model_type
        output['transformers_version'] = __version__
        for key, value in output.items():
            if isinstance(value, PretrainedConfig):
                value = value.to_dict()
                del value['transformers_version']
            output[key] = value
        self._remove_keys_not_serialized(output)
        if hasattr(self, 'quantization_config'):
            output['quantization_config'] = self.quantization_config.to_dict() if not isinstance(self.quantization_config, dict) else self.quantization_config
        self.dict_dtype_to_str(output)
        return output

    def update(self, config_dict):
        for key, value in config_dict.items():
            setattr(self, key, value)

    def dict_dtype_to_str(self, d):
        if d.get('dtype') is not None:
            if isinstance(d['dtype'], dict):
                d['dtype'] = {k: str(v).split('.')[-1] for k, v in d['dtype'].items()}
            elif not isinstance(d['dtype'], (str, int)):
                d['dtype'] = str(d['dtype']).split('.')[1]
        for value in d.values():
            if isinstance(value, dict):
                self.dict_dtype_to_str(value)

    def _remove_keys_not_serialized(self, d):
        if hasattr(self, 'quantization_config'):
            _ = d.pop('_pre_quantization_dtype', None)
        if '_auto_class' in d:
            del d['_auto_class']
        if '_output_attentions' in d:
            d['output_attentions'] = d.pop('_output_attentions')
        if '_commit_hash' in d:
            del d['_commit_hash']
        if '_attn_implementation_internal' in d:
            del d['_attn_implementation_internal']
        if 'base_model_tp_plan' in d:
            del d['base_model_tp_plan']
        if 'base_model_pp_plan' in d:
            del d['base_model_pp_plan']
        for value in d.values():
            if isinstance(value, dict):
                self._remove_keys_not_serialized(value)

    @classmethod
    def register_for_auto_class(cls, auto_class='AutoConfig'):
        if not isinstance(auto_class, str):
            auto_class = auto_class.__name__
        auto_module = Unknown('transformers.models.auto')
        if not hasattr(auto_module, auto_class):
            raise ValueError(f'{auto_class} is not a valid auto class.')
        cls._auto_class = auto_class

    @staticmethod
    def _get_global_generation_defaults():
        return {'max_length': 20, 'min_length': 0, 'do_sample': False, 'early_stopping': False, 'num_beams': 1, 'temperature': 1.0, 'top_k': 50, 'top_p': 1.0, 'typical_p': 1.0, 'repetition_penalty': 1.0, 'length_penalty': 1.0, 'no_repeat_ngram_size': 0, 'encoder_no_repeat_ngram_size': 0, 'bad_words_ids': None, 'num_return_sequences': 1, 'output_scores': False, 'return_dict_in_generate': False, 'forced_bos_token_id': None, 'forced_eos_token_id': None, 'remove_invalid_values': False, 'exponential_decay_length_penalty': None, 'suppress_tokens': None, 'begin_suppress_tokens': None, 'num_beam_groups': 1, 'diversity_penalty': 0.0}

    def get_text_config(self, decoder=None, encoder=None):
        return_both = decoder == encoder
        decoder_possible_text_config_names = ('decoder', 'generator', 'text_config')
        encoder_possible_text_config_names = ('text_encoder',)
        if return_both:
            possible_text_config_names = encoder_possible_text_config_names + decoder_possible_text_config_names
        elif decoder:
            possible_text_config_names = decoder_possible_text_config_names
        else:
            possible_text_config_names = encoder_possible_text_config_names
        valid_text_config_names = []
        for text_config_name in possible_text_config_names:
            if hasattr(self, text_config_name):
                text_config = getattr(self, text_config_name, None)
                if text_config is not None:
                    valid_text_config_names += [text_config_name]
        if len(valid_text_config_names) > 1:
            raise ValueError(f'Multiple valid text configs were found in the model config: {valid_text_config_names}. In this case, using `get_text_config()` would be ambiguous. Please specify the desired text config directly, e.g. `text_config = config.sub_config_name`')
        elif len(valid_text_config_names) == 1:
            config_to_return = getattr(self, valid_text_config_names[0])
        else:
            config_to_return = self
        if not return_both and len(valid_text_config_names) == 0 and config_to_return.is_encoder_decoder:
            config_to_return = copy.deepcopy(config_to_return)
            prefix_to_discard = 'encoder' if decoder else 'decoder'
            prefix_to_keep = 'decoder' if decoder else 'encoder'
            for key in config_to_return.to_dict():
                if key.startswith(prefix_to_discard) and key not in config_to_return.attribute_map.values():
                    delattr(config_to_return, key)
                if key.startswith(prefix_to_keep):
                    if key == prefix_to_keep + '_layers':
                        new_key = 'num_hidden_layers'
                    elif key == prefix_to_keep + '_attention_heads':
                        new_key = 'num_attention_heads'
                    else:
                        new_key = key[len(prefix_to_keep) + 1:]
                    if new_key in config_to_return.attribute_map:
                        new_key = config_to_return.attribute_map[new_key]
                    value = getattr(config_to_return, key)
                    delattr(config_to_return, key)
                    setattr(config_to_return, new_key, value)
        return config_to_return

ALLOWED_LAYER_TYPES = ('full_attention', 'sliding_attention', 'chunked_attention', 'linear_attention')

def layer_type_validation(layer_types, num_hidden_layers=None):
    if not all((layer_type in ALLOWED_LAYER_TYPES for layer_type in layer_types)):
        raise ValueError(f'The `layer_types` entries must be in {ALLOWED_LAYER_TYPES}')
    if num_hidden_layers is not None and num_hidden_layers != len(layer_types):
        raise ValueError(f'`num_hidden_layers` ({num_hidden_layers}) must be equal to the number of layer types ({len(layer_types)})')
