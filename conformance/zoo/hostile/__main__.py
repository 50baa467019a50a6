"""A hostile program: serves until stdin ends, misbehaving in the way that it is told.

python -m conformance.zoo.hostile KIND
"""

import sys

from conformance import wire
from conformance.zoo.hostile.descriptions import DESCRIPTIONS
from conformance.zoo.hostile.honest import harmless, reply, send
from conformance.zoo.hostile.processes import END, PROCESS, START
from conformance.zoo.hostile.replies import REPLIES


def main(kind: str) -> None:
    """Answer line by line; what is done instead stands in the tables under ``kind``."""
    START.get(kind, lambda: None)()
    instead = {**REPLIES, **PROCESS}.get(kind, send)
    for line in sys.stdin.buffer:
        request = wire.loads(line)
        document = {"id": request["id"], **reply(request)}
        if request["op"] == "describe":
            document["ok"] = DESCRIPTIONS.get(kind, dict)(document["ok"])
        (send if harmless(request, document) else instead)(document)
        if request["op"] == "stop":
            END.get(kind, lambda: None)()
            return


if __name__ == "__main__":
    main(sys.argv[1])
