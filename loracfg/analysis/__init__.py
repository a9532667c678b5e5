"""What rules see of an adapter, and what several rules and repairs look at."""
