"""Faults that act before a request is read."""

from fake_servers.faults.connect.accept_silence import AcceptSilence
from fake_servers.faults.connect.connect_timeout import ConnectTimeout
from fake_servers.faults.connect.early_reply import RepliesEarly
from fake_servers.faults.connect.refused import Refused
from fake_servers.faults.connect.reset_on_accept import ResetOnAccept
from fake_servers.faults.connect.slow_connect import SlowConnect
from fake_servers.faults.connect.stop_reading import StopsReading

__all__ = ["AcceptSilence", "ConnectTimeout", "Refused", "RepliesEarly", "ResetOnAccept", "SlowConnect", "StopsReading"]
