"""What an event loop can usually do and the simulated one refuses, by name.

A client that needs one of these is not judged in the simulated network: real descriptors, threads and
processes do not wait for virtual time, so a run with them could never be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.errors import WorldError

# fmt: off
NOT_SIMULATED: Mapping[str, str] = {
    # loop method               what the program asked for
    "add_reader":               "watching a real file descriptor",
    "remove_reader":            "watching a real file descriptor",
    "add_writer":               "watching a real file descriptor",
    "remove_writer":            "watching a real file descriptor",
    "sock_accept":              "reading or writing a real socket",
    "sock_recv":                "reading or writing a real socket",
    "sock_recv_into":           "reading or writing a real socket",
    "sock_recvfrom":            "reading or writing a real socket",
    "sock_recvfrom_into":       "reading or writing a real socket",
    "sock_sendall":             "reading or writing a real socket",
    "sock_sendto":              "reading or writing a real socket",
    "sock_sendfile":            "reading or writing a real socket",
    "connect_accepted_socket":  "reading or writing a real socket",
    "create_datagram_endpoint": "UDP",
    "create_unix_connection":   "a Unix socket",
    "create_unix_server":       "a Unix socket",
    "connect_read_pipe":        "a pipe",
    "connect_write_pipe":       "a pipe",
    "subprocess_exec":          "a subprocess",
    "subprocess_shell":         "a subprocess",
    "add_signal_handler":       "a signal handler",
    "remove_signal_handler":    "a signal handler",
    "set_default_executor":     "a thread",
}
# fmt: on


class NotSimulatedError(WorldError, NotImplementedError):
    """The program needs something that the simulated network does not have.

    It is a ``NotImplementedError`` because that is what a loop without signal handlers or pipes raises
    elsewhere: programs that know a way around such a loop take it here too. Everything refused is also kept
    in ``VirtualLoop.refusals``, since a client may swallow the exception and report something else.
    """

    def __init__(self, call: str, what: str) -> None:
        super().__init__(
            f"loop.{call}: {what} is not supported in the simulated network, where no time passes outside it; "
            "use --network loopback"
        )
        self.call = call
        self.what = what


def refusing(call: str, what: str) -> Callable[..., None]:
    """A loop method that does nothing but refuse, and tells the loop that it did."""

    def refuse(loop: object, *_: object, **__: object) -> None:
        error = NotSimulatedError(call, what)
        refusals: list[NotSimulatedError] = getattr(loop, "refusals")  # noqa: B009 - VirtualLoop imports this module
        refusals.append(error)
        raise error

    refuse.__name__ = call
    refuse.__doc__ = f"Refused: {what} is not simulated."
    return refuse
