"""Where a scenario happens: clock, network, services, device. The only layer that may ask a wall clock.

Nothing is imported here; import the module that you need.
"""
