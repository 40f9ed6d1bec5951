"""The control of fake services that are up all day: sessions, scripts, log and truth over HTTP, on a port of its own.

==================  =====================================================================================
file                what it knows
==================  =====================================================================================
``all_day.py``      the whole: services, their log and the control port, from start to graceful stop
``roster.py``       the sessions that are open, and when one has been idle for too long
``log.py``          the newest events of each session, numbered over all of them
``routes.py``       the one table of what can be asked; dispatch and the OpenAPI document are made from it
``answers.py``      what is done when it is asked
``day.py``          what they may ask of the whole
``bodies.py``       what is said in both directions
``problem.py``      refusals in words (RFC 9457)
``openapi.py``      the OpenAPI 3.1 document
``event_stream.py`` the log as server-sent events
``guard.py``        who may ask at all
``port.py``         the port: HTTP in, HTTP out
==================  =====================================================================================

No fault ever stands in the way of this port.
"""
