"""What is new on the package index, beside the releases that loracfg knows.

python -m tests.newest                               prints a table; exits with 1 if some are newer
python -m tests.newest --tests --output changes.md   also runs the tests that compare with libraries

The second is for an environment with the newest PEFT and transformers. The file is empty if nothing
is new and all tests pass.
"""
