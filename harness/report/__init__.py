"""What is told of a run: pure functions from traces and verdicts to text, tables, XML and JSON, one reader a file."""
