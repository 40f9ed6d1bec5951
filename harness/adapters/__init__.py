"""How clients join: in process, over standard input and output, as a command line seen only on the wire, or in a browser.

Importing this package registers the house's own adapters.
"""

from harness.adapters import browser, python, stdio, wire

__all__ = ["browser", "python", "stdio", "wire"]
