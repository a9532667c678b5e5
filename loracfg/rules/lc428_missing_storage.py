"""The archive lacks the data of a tensor.

The pickle says where the data of each tensor are; there is no such record, or it has another size.
torch refuses the file.

Fires:

    weights pickled without data

Passes:

    weights pickled

Repair: download or copy the file again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule(
    "LC428", "missing-storage", "error", reporting("storage-missing", "storage-size"), __name__
)
