"""One machine: the site, both doors and the press, one process, one port."""
