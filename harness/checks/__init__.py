"""Was it right? Pure functions from a trace to a verdict, one rule a file."""
