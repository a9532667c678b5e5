"""The archive does not have the data of a tensor.

The pickle names the record with the data of each tensor. That record is missing, has a different
size or number of elements, or the bytes before its data are damaged. torch rejects the file, or
reads the wrong bytes.

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
