"""Derives facts of config classes: fields by reflection, methods through the interpreter."""
