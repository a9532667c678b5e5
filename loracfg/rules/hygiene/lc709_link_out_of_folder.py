"""A file is a link that leads out of the adapter's folder.

What was judged lies elsewhere, and does not come along when the folder is packed, committed or
moved: there the link leads nowhere, or to whatever has the same path on that machine. A server that
takes folders from others and follows such links reads files that it was not given. Links into the
cache of huggingface_hub, of which its snapshots are made, are not meant; nor are links inside of
the folder, as Kubernetes mounts have them.

Fires:

    link adapter_config.json

Passes:

    made with {"r": 4}

Repair: put the file itself in the place of the link.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import names
from loracfg.analysis.noted import LINK
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.files import of_files
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report what leads out."""
    found = list(subject.adapter.links)
    message = f"{names(found)} {'are links' if len(found) > 1 else 'is a link'} out of the folder"
    return of_files(found, message, "put the file itself in the place of the link")


RULE = Rule("LC709", "link-out-of-folder", "info", Noted([LINK], check), __name__)
