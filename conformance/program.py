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

native = np.float64 if dtype == "float64" else np.float32


def read(values):
    """Numbers in C99 hex as floats, nested as they are."""
    if isinstance(values, list):
        return [read(each) for each in values]
    return float.fromhex(values) if isinstance(values, str) else values


def array(values):
    """Real numbers in the dtype, others as whole numbers; a list of matrices stays a list."""
    if values and isinstance(values[0], list) and values[0] and isinstance(values[0][0], list):
        return [array(each) for each in values]
    found = np.array(read(values))
    return found.astype(native) if found.dtype.kind == "f" else found


def arrays(quantities):
    """Every input as an array."""
    return {name: array(values) for name, values in quantities.items()}


def drawn(quantities):
    """Random inputs: lists of indices, and arrays."""
    found = arrays(quantities or {})
    return {n: x if x.dtype.kind == "f" else quantities[n] for n, x in found.items()} or None


for case in asked:
    inputs, random, seed = arrays(case["inputs"]), drawn(case["random"]), case["seed"]
    before = [(arrays(step["inputs"]), drawn(step["random"])) for step in case["earlier"]]
    earlier = [step[0] for step in before]
    jacobian, orders = inputs.get("jacobian"), (random or {}).get("orders")
    for name, found in {**inputs, **(random or {})}.items():
        print(f"{name}:", [np.asarray(x).tolist() for x in found])
    print("steps before:", len(earlier))
    print("expected, exact:", case["exact"])
    print("expected, float:", case["float64"])
    try:
@CALL@
    except Exception as error:
        print("got:             ", type(error).__name__, error)
        wrong = True
        continue
    got = np.asarray(outputs["@MAIN@"], dtype=np.float64).ravel() / scale
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

def encoded(x):
    if isinstance(x, list) and x and isinstance(x[0], np.ndarray):
        return [encoded(each) for each in x]
    if not isinstance(x, np.ndarray):
        return x
    name = dtype if x.dtype.kind == "f" else str(x.dtype)
    raw = (x.view("<u4") >> 16).astype("<u2") if name == "bfloat16" else x
    data = base64.b64encode(raw.tobytes()).decode()
    return {"dtype": name, "shape": list(x.shape), "data": data}

def step(quantities, drawn):
    found = {name: encoded(x) for name, x in quantities.items()}
    return {"inputs": found, "random": drawn and {n: encoded(x) for n, x in drawn.items()}}

lines = [{"op": "describe", "protocol": 1}]
if earlier:
    tasks, size = jacobian.shape if jacobian is not None else (len(next(iter(inputs.values()))), 0)
    lines += [{"op": "open", "method": "@METHOD@", "params": params, "tasks": tasks,
               "size": size, "dtype": dtype, "seed": seed}]
    lines += [{"op": "step", "session": 1, **step(*each)} for each in [*before, (inputs, random)]]
else:
    lines += [{"op": "evaluate", "method": "@METHOD@", "params": params, "seed": seed,
               **step(inputs, random)}]
lines += [{"op": "stop"}]
text = "".join(json.dumps({"id": n, **line}) + "\\n" for n, line in enumerate(lines, start=1))
done = subprocess.run(@COMMAND@, input=text, capture_output=True, text=True)
replies = done.stdout.splitlines()
if len(replies) < len(lines) - 1:
    raise RuntimeError(f"no reply, exit status {done.returncode}: {done.stderr[-300:]}")
reply = json.loads(replies[len(lines) - 2])
if "ok" not in reply:
    raise RuntimeError(str(reply))
outputs = {}
for name, found in reply["ok"]["outputs"].items():
    raw = base64.b64decode(found["data"])
    if found["dtype"] == "bfloat16":
        flat = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    else:
        types = {"float64": "<f8", "float32": "<f4", "int64": "<i8", "bool": "|u1"}
        flat = np.frombuffer(raw, types[found["dtype"]])
    outputs[name] = flat.reshape(found["shape"])
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
