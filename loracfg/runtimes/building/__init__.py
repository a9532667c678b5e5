"""What is made of the model of engines' facts for those who write them; not in the wheel."""
