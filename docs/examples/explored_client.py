"""What a client's author writes to have it explored by a suite: `python -m pytest docs/examples/explored_client.py`."""

from harness.client.reference import ReferenceClient
from harness.explore.state_machine import OperationMachine


class Acquisition(OperationMachine):
    client = ReferenceClient  # yours instead
    operation = "license_acquisition"


TestAcquisition = Acquisition.TestCase
