"""A project's choices: what `loracfg.toml`, variables and options say, for each adapter."""
