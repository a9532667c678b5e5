"""Check that the rules, releases and engines exist that values name."""

from __future__ import annotations

from loracfg.settings.keys import Value


def check_meaning(name: str, item: Value) -> None:
    """Check a value of a key, or an item of its list.

    Raises:
        LoracfgError: what it names does not exist.
    """
    if not isinstance(item, str):
        return
    if name in ("select", "ignore"):
        from loracfg.rules.choice import codes_of

        codes_of([item])
    elif name == "peft":
        from loracfg.config.history.releases import loading_release

        loading_release(item)
    elif name == "for":
        from loracfg.runtimes.asked import find_runtime

        find_runtime(item)
