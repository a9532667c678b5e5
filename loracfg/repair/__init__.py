"""Repairs: what turns an adapter into one that computes what its author meant."""
