"""Breaks the rules, the engines' facts and the repairs one place at a time, and runs their tests.

python -m tests.mutation [--sample 300 --seed 1] [--jobs N] [PATH…]
python -m tests.mutation --named RULE…

What no test notices is a survivor: a missing test, or a mutant that is equivalent, which
`equivalent.toml` lists with the reason. Results are kept in a folder outside the repository, by
the text of the module: a run that was stopped goes on, and one after a change tries what was
changed and what survived. Which tests run for a mutant is what a first run of all with coverage
found: the tests that execute its statement, those that name the rule first. That run takes twenty
minutes; after a change, only the tests whose file or modules changed are run so again. `--named`
only runs the tests that name a rule, whose results are kept apart.

A process that has imported all and collected all tests forks for each mutant, where a function
gets the changed code and its tests run (`quick`). What runs when modules are imported is written
to the file, which a process that has only the libraries imports (`fresh`): that takes ten times
as long.

What no test notices, mypy may: many a guard is there for the types alone.

mutmut 3.8 was tried and not taken: it breaks nothing at the level of modules, where thresholds and
tables are, nothing in properties and cached functions, writes ten times the code for each module,
which each process then imports, and took twenty minutes to do so. cosmic-ray starts a process for
each mutant, which imports torch and PEFT again, and runs one command for all.
"""
