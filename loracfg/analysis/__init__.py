"""What rules see of an adapter, and analyses that several rules and repairs share."""
