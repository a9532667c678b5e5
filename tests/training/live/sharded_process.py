"""One process of a sharded model: it checks the model if it is the first, and only then.

    python -m tests.training.live.sharded_process RANK PROCESSES STORE FOLDER

Writes what it finds to `RANK.json` in the folder.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import distributed
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

import loracfg
from tests.training.live.runs import adapted


def sharded(model: Any, processes: int) -> Any:
    """Shard a model with FSDP 2; FSDP 1 needs an accelerator."""
    mesh = init_device_mesh("cpu", (processes,))
    for layer in model.get_base_model().model.layers:
        fully_shard(layer, mesh=mesh)
    return fully_shard(model, mesh=mesh)


def report_on(model: Any, optimizer: Any) -> dict[str, Any]:
    """Return what the check of a model finds."""
    (one,) = loracfg.check(model, optimizer=optimizer).adapters
    found = [d.code for d in one.diagnostics if d.severity != "info"]
    gaps = [gap.what for gap in one.not_checked]
    name = one.base.class_name if one.base else None
    return {"status": one.status, "codes": found, "gaps": gaps, "class": name}


def main(rank: int, processes: int, store: str, folder: Path) -> None:
    """Shard two models, and check them on the first process alone."""
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{store}", rank=rank, world_size=processes
    )
    found = {}
    for target in ("v_proj", "v_prj"):
        torch.manual_seed(0)
        model = sharded(adapted(target_modules=["q_proj", target]), processes)
        trained = [one for one in model.parameters() if one.requires_grad]
        if rank == 0:
            found[target] = report_on(model, torch.optim.SGD(trained, 0.1))
    (folder / f"{rank}.json").write_text(json.dumps(found))
    distributed.barrier()
    distributed.destroy_process_group()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
