"""How clients join: in process, over standard input and output, or as a command line seen only on the wire.

Importing this package registers the house's own adapters.
"""

from harness.adapters import python, stdio, wire

__all__ = ["python", "stdio", "wire"]
