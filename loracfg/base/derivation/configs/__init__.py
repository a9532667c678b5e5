"""Facts of config classes: fields by reflection, their own methods through the interpreter."""
