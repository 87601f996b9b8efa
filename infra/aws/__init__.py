"""Where the forum runs in Amazon's cloud: adapters that speak to its services, and nothing else."""
