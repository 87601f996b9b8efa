"""Scripts that build the screening's lists from packages; run by hand, never at run time."""
