"""How clients join: in process, over standard input and output, or as a command line seen only on the wire."""
