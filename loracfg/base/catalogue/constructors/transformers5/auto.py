"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): auto. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.index import read_index
from loracfg.base.catalogue.stand_ins import auto

CONFIG_MAPPING = auto.ConfigMapping(__package__)
AutoConfig = auto.auto_config(__package__)
GenerationConfig = auto.generation_config(__package__)
AutoBackbone = auto.auto_class(__package__, 'MODEL_FOR_BACKBONE_MAPPING_NAMES')
AutoModel = auto.auto_class(__package__, 'MODEL_MAPPING_NAMES')
AutoModelForAudioFrameClassification = auto.auto_class(__package__, 'MODEL_FOR_AUDIO_FRAME_CLASSIFICATION_MAPPING_NAMES')
AutoModelForCausalLM = auto.auto_class(__package__, 'MODEL_FOR_CAUSAL_LM_MAPPING_NAMES')
AutoModelForImageClassification = auto.auto_class(__package__, 'MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES')
AutoModelForImageTextToText = auto.auto_class(__package__, 'MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES')
AutoModelForKeypointDetection = auto.auto_class(__package__, 'MODEL_FOR_KEYPOINT_DETECTION_MAPPING_NAMES')
AutoModelForSeq2SeqLM = auto.auto_class(__package__, 'MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES')
AutoModelForTextEncoding = auto.auto_class(__package__, 'MODEL_FOR_TEXT_ENCODING_MAPPING_NAMES')
MODEL_FOR_AUDIO_FRAME_CLASSIFICATION_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_AUDIO_FRAME_CLASSIFICATION_MAPPING_NAMES')
MODEL_FOR_AUDIO_FRAME_CLASSIFICATION_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_AUDIO_FRAME_CLASSIFICATION_MAPPING_NAMES']
MODEL_FOR_BACKBONE_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_BACKBONE_MAPPING_NAMES')
MODEL_FOR_BACKBONE_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_BACKBONE_MAPPING_NAMES']
MODEL_FOR_CAUSAL_LM_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_CAUSAL_LM_MAPPING_NAMES')
MODEL_FOR_CAUSAL_LM_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_CAUSAL_LM_MAPPING_NAMES']
MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES')
MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES']
MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES')
MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES']
MODEL_FOR_KEYPOINT_DETECTION_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_KEYPOINT_DETECTION_MAPPING_NAMES')
MODEL_FOR_KEYPOINT_DETECTION_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_KEYPOINT_DETECTION_MAPPING_NAMES']
MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES')
MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES']
MODEL_FOR_TEXT_ENCODING_MAPPING = auto.ModelMapping(__package__, 'MODEL_FOR_TEXT_ENCODING_MAPPING_NAMES')
MODEL_FOR_TEXT_ENCODING_MAPPING_NAMES = read_index(__package__).mappings['MODEL_FOR_TEXT_ENCODING_MAPPING_NAMES']
MODEL_MAPPING = auto.ModelMapping(__package__, 'MODEL_MAPPING_NAMES')
MODEL_MAPPING_NAMES = read_index(__package__).mappings['MODEL_MAPPING_NAMES']
