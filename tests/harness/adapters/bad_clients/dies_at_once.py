"""Exits before it has read a word."""

import sys

sys.exit("cannot open display :0")
