"""A file is a Git LFS pointer instead of the file itself.

The repository was cloned without Git LFS, or the file was downloaded from a raw link. It has only
about 130 bytes and begins with `version https://git-lfs`. PEFT complains about the JSON ("Expecting
value: line 1 column 1"), safetensors about the header ("header too large").

Fires:

    config text version https://git-lfs.github.com/spec/v1

Fires:

    weights none
    file adapter_model.safetensors version https://git-lfs.github.com/spec/v1

Passes:

    file README.md version https://git-lfs.github.com/spec/v1

Repair: run `git lfs install` once, then `git lfs pull` in the repository.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC015", "git-lfs-pointer", "error", reporting("git-lfs-pointer"), __name__)
