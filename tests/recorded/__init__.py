"""What loracfg says of many drawn adapters, recorded: a change shows all that it changes.

python -m tests.recorded         record again, after a change that is meant; then read the diff

`cases.txt` has adapters in the language of the rules' examples, each with the answer below it:
report, repairs, and what engines see and do. The adapters were drawn from the lines of all
examples, and chosen since each notices a break of a rule, a repair or an engine's facts that those
before did not (see `tests.mutation`). What an answer should be is for other tests.
"""
