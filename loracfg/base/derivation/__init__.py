"""The build tool of the catalogue: from released libraries to facts. Not in the wheel.

`python -m loracfg.base.derivation` runs all of it. `source` makes a library's classes readable,
`interpreter` runs their constructors on symbolic configs, `emission` and `configs` make facts of
what it finds, and `text` writes them.
"""
