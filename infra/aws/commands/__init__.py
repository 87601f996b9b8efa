"""What the operator's words do in Amazon's cloud: each plans, shows, asks, and can be run again."""
