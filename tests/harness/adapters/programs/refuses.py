"""A client that answers ``initialize`` as its argument says, and knows few methods."""

import json
import sys

from tests.harness.adapters.bad_clients.speaking import answer, calls, say

for call in calls():
    if call["method"] == "initialize":
        result = json.loads(sys.argv[1])
        if "code" in result:
            say(id=call["id"], error=result)
        else:
            answer(call, result)
    elif call["method"] == "rights" and "rights" in sys.argv:
        answer(call, {"licenses": "film"})
    else:
        say(id=call["id"], error={"code": -32601, "message": f"what is {call['method']}?"})
