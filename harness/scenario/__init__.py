"""What shall happen (scenarios) and what a client promises (profiles), as data."""
