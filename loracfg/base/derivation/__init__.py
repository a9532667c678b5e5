"""From libraries to facts: the build tool of the catalogue, and for an installed transformers.

`python -m loracfg.base.derivation.building` runs all of it. `source` makes a library's classes
readable, `interpreter` runs their constructors on symbolic configs, `emission` and `configs` make
facts of what it finds, and `text` writes them. `building` is not in the wheel.
"""
