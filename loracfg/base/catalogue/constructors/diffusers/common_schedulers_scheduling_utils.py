"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): common_schedulers_scheduling_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.models import PushToHubMixin

class SchedulerMixin(PushToHubMixin):
    pass
