"""The program that shows a failure again, written beside it: plain numpy and the backend."""

TEMPLATE = '''"""@METHOD@ breaks the law @LAW@.

@MESSAGE@

Needs numpy and the backend, nothing else: python reproduce.py
"""

import sys

import numpy as np

dtype = "@DTYPE@"
params = @PARAMS@
scale = @SCALE@  # declared by the backend: its answer is this many times the reference's
asked = @ASKED@
wrong = False

for case in asked:
    rows, orders, seed = case["jacobian"], case["orders"], case["seed"]
    native = np.float64 if dtype == "float64" else np.float32
    jacobian = np.array([[float.fromhex(x) for x in row] for row in rows], dtype=native)
    inputs, random = {"jacobian": jacobian}, {"orders": orders} if orders is not None else None
    print("jacobian:", jacobian.tolist(), "orders:", orders)
    print("expected, exact:", case["exact"])
    print("expected, float:", case["float64"])
    try:
@CALL@
    except Exception as error:
        print("got:             ", type(error).__name__, error)
        wrong = True
        continue
    got = np.asarray(outputs["direction"], dtype=np.float64) / scale
    print("got:             ", got.tolist())
    if case["float64"] is not None and got.shape == np.shape(case["float64"]):
        error = float(np.linalg.norm(got - np.array(case["float64"])))
        size = float(np.linalg.norm(case["float64"]))
        print("error:           ", error, "relative:", error / size if size else None)
    else:
        wrong = wrong or case["float64"] is not None
print("law:             ", "@LAW@")
print(@MESSAGE_REPR@)
'''

WIRE = """import base64, json, subprocess
narrow = (jacobian.view("<u4") >> 16).astype("<u2") if dtype == "bfloat16" else jacobian
data = base64.b64encode(narrow.tobytes()).decode()
array = {"dtype": dtype, "shape": list(jacobian.shape), "data": data}
random = {"orders": orders} if orders is not None else None
request = {"id": 2, "op": "evaluate", "method": "@METHOD@", "params": params,
           "inputs": {"jacobian": array}, "seed": seed, "random": random}
lines = [{"id": 1, "op": "describe", "protocol": 1}, request, {"id": 3, "op": "stop"}]
text = "".join(json.dumps(line) + "\\n" for line in lines)
done = subprocess.run(@COMMAND@, input=text, capture_output=True, text=True)
replies = done.stdout.splitlines()
if len(replies) < 2:
    raise RuntimeError(f"no reply, exit status {done.returncode}: {done.stderr[-300:]}")
reply = json.loads(replies[1])
if "ok" not in reply:
    raise RuntimeError(str(reply))
outputs = {}
for name, array in reply["ok"]["outputs"].items():
    raw = base64.b64decode(array["data"])
    if array["dtype"] == "bfloat16":
        found = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    else:
        found = np.frombuffer(raw, {"float64": "<f8", "float32": "<f4"}[array["dtype"]])
    outputs[name] = found.reshape(array["shape"])
"""


def filled(template: str, values: dict[str, object]) -> str:
    """A template with each @NAME@ replaced by its value."""
    for name, value in values.items():
        template = template.replace(f"@{name}@", str(value))
    return template


def indented(source: str, spaces: int = 8) -> str:
    """Lines of source moved to the right."""
    pad = " " * spaces
    return "\n".join(pad + line if line.strip() else "" for line in source.strip().splitlines())
