"""Adapters of the ports: each keeps the same promises, shown by one contract suite."""
