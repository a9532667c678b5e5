"""Copies a library's model and config classes into a form that can be interpreted.

The classes are copied from the library's source into a package in a temporary folder, without code
that no constructor needs. `loracfg.base.derivation.stand_ins` replaces torch and the library's own
machinery. Neither torch nor the library has to be installed, and the copy is deleted afterwards.
"""
