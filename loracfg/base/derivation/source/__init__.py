"""A library's model and config classes, ready to be interpreted.

The classes are copied out of the library's source, without what no constructor needs, into a
package in a temporary folder. What they use of torch and of the library's own machinery comes from
`loracfg.base.derivation.stand_ins`. Neither torch nor the library has to be installed, and nothing
that is copied stays.
"""
