"""The archive lacks the data of a tensor.

The pickle says where the data of each tensor are; there is no such record, it has another size or
number of elements, or what stands before it is damaged. torch refuses the file, or reads other
bytes.

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
