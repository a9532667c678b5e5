"""Derives facts from libraries, to build the catalogue and to follow an installed transformers.

`python -m loracfg.base.derivation.building` runs all of it. `source` copies a library's classes,
`interpreter` runs their constructors on symbolic configs, `emission` and `configs` turn the results
into facts, and `text` writes them. `building` is not in the wheel.
"""
