"""What each service decides, over the store of truth; no wire format."""
