"""The REST service of loracfg, installed as `loracfg_api`."""
