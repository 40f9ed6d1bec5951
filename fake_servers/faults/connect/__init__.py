"""Faults that act before the first byte."""

from fake_servers.faults.connect.accept_silence import AcceptSilence
from fake_servers.faults.connect.refused import Refused
from fake_servers.faults.connect.reset_on_accept import ResetOnAccept

__all__ = ["AcceptSilence", "Refused", "ResetOnAccept"]
