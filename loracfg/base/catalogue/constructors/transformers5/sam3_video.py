"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): sam3_video. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from .sam3 import Sam3VisionNeck
from loracfg.base.catalogue.stand_ins.configs import strict

@strict
class Sam3VideoConfig(PreTrainedConfig):
    model_type = 'sam3_video'
    sub_configs_defaults = {'detector_config': SubConfigSpec(config_class=AutoConfig, model_type='sam3'), 'tracker_config': SubConfigSpec(config_class=AutoConfig, model_type='sam3_tracker_video')}
    detector_config: dict | PreTrainedConfig | None = None
    tracker_config: dict | PreTrainedConfig | None = None
    initializer_range: float = 0.02
    low_res_mask_size: int = 288
    score_threshold_detection: float = 0.5
    det_nms_thresh: float = 0.1
    assoc_iou_thresh: float = 0.1
    trk_assoc_iou_thresh: float = 0.5
    new_det_thresh: float = 0.7
    recondition_on_trk_masks: bool = True
    hotstart_delay: int = 15
    hotstart_unmatch_thresh: int = 8
    hotstart_dup_thresh: int = 8
    suppress_unmatched_only_within_hotstart: bool = True
    init_trk_keep_alive: int = 30
    max_trk_keep_alive: int = 30
    min_trk_keep_alive: int = -1
    suppress_overlapping_based_on_recent_occlusion_threshold: float = 0.7
    decrease_trk_keep_alive_for_empty_masklets: bool = False
    fill_hole_area: int = 16
    max_num_objects: int = 10000
    recondition_every_nth_frame: int = 16
    high_conf_thresh: float = 0.8
    high_iou_thresh: float = 0.8

    def validate_architecture(self):
        if self.hotstart_delay > 0:
            if self.hotstart_unmatch_thresh > self.hotstart_delay:
                raise ValueError(f'hotstart_unmatch_thresh ({self.hotstart_unmatch_thresh}) must be <= hotstart_delay ({self.hotstart_delay})')
            if self.hotstart_dup_thresh > self.hotstart_delay:
                raise ValueError(f'hotstart_dup_thresh ({self.hotstart_dup_thresh}) must be <= hotstart_delay ({self.hotstart_delay})')

    @property
    def image_size(self):
        return self.detector_config.image_size

    @image_size.setter
    def image_size(self, value):
        self.detector_config.image_size = value
        self.tracker_config.image_size = value

class Sam3VideoPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'sam3_video'
    main_input_name = 'pixel_values'

class Sam3VideoModel(Sam3VideoPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.detector_model = AutoModel.from_config(config.detector_config)
        self.tracker_model = AutoModel.from_config(config.tracker_config, remove_vision_encoder=True)
        self.low_res_mask_size = config.low_res_mask_size
        self.score_threshold_detection = config.score_threshold_detection
        self.det_nms_thresh = config.det_nms_thresh
        self.assoc_iou_thresh = config.assoc_iou_thresh
        self.trk_assoc_iou_thresh = config.trk_assoc_iou_thresh
        self.new_det_thresh = config.new_det_thresh
        self.recondition_on_trk_masks = config.recondition_on_trk_masks
        self.hotstart_delay = config.hotstart_delay
        self.hotstart_unmatch_thresh = config.hotstart_unmatch_thresh
        self.hotstart_dup_thresh = config.hotstart_dup_thresh
        self.suppress_unmatched_only_within_hotstart = config.suppress_unmatched_only_within_hotstart
        self.init_trk_keep_alive = config.init_trk_keep_alive
        self.max_trk_keep_alive = config.max_trk_keep_alive
        self.min_trk_keep_alive = config.min_trk_keep_alive
        self.suppress_overlapping_based_on_recent_occlusion_threshold = config.suppress_overlapping_based_on_recent_occlusion_threshold
        self.decrease_trk_keep_alive_for_empty_masklets = config.decrease_trk_keep_alive_for_empty_masklets
        self.fill_hole_area = config.fill_hole_area
        self.eval()
        self.max_num_objects = config.max_num_objects
        self.recondition_every_nth_frame = config.recondition_every_nth_frame
        self.high_conf_thresh = config.high_conf_thresh
        self.high_iou_thresh = config.high_iou_thresh
        self.tracker_neck = Sam3VisionNeck(config.detector_config.vision_config)
        self.post_init()
