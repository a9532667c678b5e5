"""What is made of the models when files are generated: schemas and tables. Not in the wheel."""
