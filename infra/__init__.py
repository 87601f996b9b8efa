"""Where the forum runs: one machine here, the cloud beside it."""
