"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_distributed_sharding_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
DTensor = Unknown('torch.distributed.tensor.DTensor')
dist = Unknown('torch.distributed')
is_torch_distributed_available = lambda *_: False

def _tied_params_are_equal(source, target):
    if source.shape != target.shape:
        return False
    if not is_torch_distributed_available() or not isinstance(source, DTensor) or (not isinstance(target, DTensor)) or (source.device_mesh != target.device_mesh) or (source.placements != target.placements):
        return torch.equal(source, target)
    local_source = source.to_local()
    mismatches = torch.tensor(int(not torch.equal(local_source, target.to_local())), device=local_source.device)
    for mesh_dim in range(source.device_mesh.ndim):
        dist.all_reduce(mismatches, group=source.device_mesh.get_group(mesh_dim))
    return mismatches.item() == 0
