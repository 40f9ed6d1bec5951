"""One scenario, one client core, five tiers: thin drivers that each leave out more of the wire, and check each other."""
