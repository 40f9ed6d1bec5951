"""Scenarios that nobody wrote: drawn, steered to where nobody has been, and shrunk to a file once they break something."""
