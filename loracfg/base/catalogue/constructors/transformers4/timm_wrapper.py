"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): timm_wrapper. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import requires_backends
from loracfg.base.catalogue.stand_ins.unknown import Foreign
ImageNetInfo = Foreign('timm.data.ImageNetInfo')
infer_imagenet_subset = Foreign('timm.data.infer_imagenet_subset')
timm = Foreign('timm')

class TimmWrapperConfig(PretrainedConfig):
    model_type = 'timm_wrapper'

    def __init__(self, architecture='resnet50', initializer_range=0.02, do_pooling=True, model_args=None, **kwargs):
        self.architecture = architecture
        self.initializer_range = initializer_range
        self.do_pooling = do_pooling
        self.model_args = model_args
        super().__init__(**kwargs)

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        label_names = config_dict.get('label_names')
        is_custom_model = 'num_labels' in kwargs or 'id2label' in kwargs
        if label_names is None and (not is_custom_model):
            requires_backends(cls, ['timm'])
            imagenet_subset = infer_imagenet_subset(config_dict)
            if imagenet_subset:
                dataset_info = ImageNetInfo(imagenet_subset)
                synsets = dataset_info.label_names()
                label_descriptions = dataset_info.label_descriptions(as_dict=True)
                label_names = [label_descriptions[synset] for synset in synsets]
        if label_names is not None and (not is_custom_model):
            kwargs['id2label'] = dict(enumerate(label_names))
            if len(set(label_names)) == len(label_names):
                kwargs['label2id'] = {name: i for i, name in enumerate(label_names)}
            else:
                kwargs['label2id'] = None
        num_labels_in_kwargs = kwargs.pop('num_labels', None)
        num_labels_in_dict = config_dict.pop('num_classes', None)
        kwargs['num_labels'] = num_labels_in_kwargs or num_labels_in_dict
        if 'pretrained_cfg' in config_dict and 'num_classes' in config_dict['pretrained_cfg']:
            config_dict['pretrained_cfg'].pop('num_classes', None)
        return super().from_dict(config_dict, **kwargs)

    def to_dict(self):
        output = super().to_dict()
        output.setdefault('num_classes', self.num_labels)
        output.setdefault('label_names', list(self.id2label.values()))
        output.pop('id2label', None)
        output.pop('label2id', None)
        return output

def _create_timm_model_with_error_handling(config, **model_kwargs):
    try:
        model = timm.create_model(config.architecture, pretrained=False, **model_kwargs)
        return model
    except RuntimeError as e:
        if 'Unknown model' in str(e):
            raise ImportError(f"The model architecture '{config.architecture}' is not supported in your version of timm ({timm.__version__}). Please upgrade timm to a more recent version with `pip install -U timm`.")
        raise e

class TimmWrapperPreTrainedModel(PreTrainedModel):
    main_input_name = 'pixel_values'
    _no_split_modules = []

    def __init__(self, *args, **kwargs):
        requires_backends(self, ['vision', 'timm'])
        super().__init__(*args, **kwargs)

    def post_init(self):
        self.supports_gradient_checkpointing = self._timm_model_supports_gradient_checkpointing()
        super().post_init()

    @staticmethod
    def _fix_state_dict_key_on_load(key):
        if 'timm_model.' not in key:
            return (f'timm_model.{key}', True)
        return (key, False)

    def load_state_dict(self, state_dict, *args, **kwargs):
        state_dict = {self._fix_state_dict_key_on_load(k)[0]: v for k, v in state_dict.items()}
        return super().load_state_dict(state_dict, *args, **kwargs)

    def _timm_model_supports_gradient_checkpointing(self):
        if not hasattr(self.timm_model, 'set_grad_checkpointing'):
            return False
        try:
            self.timm_model.set_grad_checkpointing(enable=True)
            self.timm_model.set_grad_checkpointing(enable=False)
            return True
        except Exception:
            return False

class TimmWrapperModel(TimmWrapperPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        extra_init_kwargs = config.model_args or {}
        self.features_only = extra_init_kwargs.get('features_only', False)
        self.timm_model = _create_timm_model_with_error_handling(config, num_classes=0, **extra_init_kwargs)
        self.post_init()

class TimmWrapperForImageClassification(TimmWrapperPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        if config.num_labels == 0:
            raise ValueError('You are trying to load weights into `TimmWrapperForImageClassification` from a checkpoint with no classifier head. Please specify the number of classes, e.g. `model = TimmWrapperForImageClassification.from_pretrained(..., num_labels=10)`, or use `TimmWrapperModel` for feature extraction.')
        extra_init_kwargs = config.model_args or {}
        self.timm_model = _create_timm_model_with_error_handling(config, num_classes=config.num_labels, **extra_init_kwargs)
        self.num_labels = config.num_labels
        self.post_init()
