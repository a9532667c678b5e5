"""Generate schemas and tables from the models; not in the wheel."""
