// The mean and PCGrad as a backend: one JSON request a line on stdin, one reply a line on stdout.
// Node 18 or later, no packages. Numbers are doubles throughout; float32 is rounded to once.

import process from "node:process";
import { fileURLToPath } from "node:url";

class Refused extends Error {} // the input is invalid
class Unsupported extends Error {} // the method, dtype or option is not offered

const OFFER = { params: {}, dtypes: ["float64", "float32"], scale: "1", stateful: false, accuracy: null };
const ABOUT = {
  protocol: 1,
  name: "javascript-example",
  version: "1.0",
  language: "javascript",
  artifact: null,
  methods: {
    mean: { ...OFFER, randomness: "none", outputs: ["direction"] },
    pcgrad: { ...OFFER, randomness: "injected", outputs: ["direction", "task_gradients"] },
  },
};

// The methods. Row i is 2**exponents[i] * units[i] with the largest entry of units[i] about 1, so
// that no inner product leaves the range of a double.

const times = (number, power) => number * 2 ** (power >> 1) * 2 ** (power - (power >> 1));

const inner = (left, right) => left.reduce((sum, entry, k) => sum + entry * right[k], 0);

function scaled(rows) {
  const largest = rows.map((row) => row.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0));
  const exponents = largest.map((size) => (size > 0 ? Math.floor(Math.log2(size)) + 1 : -1074));
  const units = rows.map((row, i) => row.map((entry) => times(entry, -exponents[i])));
  return { exponents, units };
}

// sum_i 2**exponents[i] * units[i] / divisor, the powers taken relative to the largest.
function summed(units, exponents, divisor = 1) {
  const most = Math.max(...exponents);
  return units[0].map((_, k) => {
    const sum = units.reduce((part, unit, i) => part + times(unit[k], exponents[i] - most), 0);
    return times(sum / divisor, most);
  });
}

export function mean(rows) {
  const { exponents, units } = scaled(rows);
  return { direction: summed(units, exponents, rows.length) };
}

// Yu et al. 2020, Algorithm 1; orders[i] lists the other tasks as task i meets them.
export function pcgrad(rows, { orders }) {
  const { exponents, units } = scaled(rows);
  const squares = units.map((unit) => inner(unit, unit));
  const projected = units.map((unit, i) => {
    let own = unit;
    for (const other of orders[i]) {
      const product = inner(own, units[other]);
      if (product < 0) {
        own = own.map((entry, k) => entry - (product / squares[other]) * units[other][k]);
      }
    }
    return own;
  });
  const task_gradients = projected.map((own, i) => own.map((entry) => times(entry, exponents[i])));
  return { direction: summed(projected, exponents), task_gradients };
}

// The wire.

const SIZES = { float64: 8, float32: 4 };

function rowsOf({ dtype, shape, data } = {}) {
  if (dtype === "bfloat16") throw new Unsupported("dtype bfloat16");
  if (!Object.hasOwn(SIZES, dtype)) throw new Refused("jacobian must hold floating-point numbers");
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every((n) => Number.isSafeInteger(n) && n > 0)) {
    throw new Refused("jacobian must have shape (T, d), neither of them 0");
  }
  const [tasks, width] = shape;
  const bytes = Buffer.from(String(data), "base64"); // forgiving: so it is written back and compared
  if (bytes.toString("base64") !== data || bytes.length !== tasks * width * SIZES[dtype]) {
    throw new Refused("jacobian.data must be base64 of what its shape takes");
  }
  const entry = dtype === "float64" ? (k) => bytes.readDoubleLE(8 * k) : (k) => bytes.readFloatLE(4 * k);
  const rows = Array.from({ length: tasks }, (_, i) => Array.from({ length: width }, (_, k) => entry(i * width + k)));
  rows.forEach((row, i) =>
    row.forEach((number, k) => {
      if (!Number.isFinite(number)) throw new Refused(`jacobian[${i}, ${k}] is ${number}`);
    }),
  );
  return rows;
}

function encoded(numbers, dtype) {
  const shape = Array.isArray(numbers[0]) ? [numbers.length, numbers[0].length] : [numbers.length];
  const bytes = Buffer.alloc(shape.reduce((a, b) => a * b, SIZES[dtype]));
  numbers.flat().forEach((number, k) => {
    if (dtype === "float64") bytes.writeDoubleLE(number, 8 * k);
    else bytes.writeFloatLE(number, 4 * k);
  });
  return { dtype, shape, data: bytes.toString("base64") };
}

function checkOrders(orders, tasks) {
  const lists = Array.isArray(orders) && orders.length === tasks && orders.every(Array.isArray);
  const met = (order, i) => new Set(order.filter((k) => Number.isInteger(k) && k >= 0 && k < tasks && k !== i));
  if (!lists || !orders.every((order, i) => order.length === tasks - 1 && met(order, i).size === tasks - 1)) {
    throw new Refused("random.orders must list for each task every other one once");
  }
}

function evaluate({ method, inputs, random }) {
  if (method !== "mean" && method !== "pcgrad") throw new Unsupported("the methods are mean and pcgrad");
  const rows = rowsOf(inputs?.jacobian ?? undefined);
  if (method === "pcgrad") checkOrders(random?.orders, rows.length);
  const outputs = method === "pcgrad" ? pcgrad(rows, random) : mean(rows);
  const { dtype } = inputs.jacobian;
  return { outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, encoded(value, dtype)])) };
}

const OPERATIONS = {
  describe({ protocol }) {
    if (protocol !== 1) throw new Unsupported("the protocol is 1");
    return ABOUT;
  },
  evaluate,
  stop: () => ({}),
};

function replied(line) {
  let id = null;
  try {
    const request = JSON.parse(line);
    id = Number.isSafeInteger(request?.id) ? request.id : null;
    if (id === null) throw new Refused("a request is one JSON object with id and op");
    if (!Object.hasOwn(OPERATIONS, request.op)) {
      throw new Unsupported("the operations are describe, evaluate and stop");
    }
    return { last: request.op === "stop", reply: { id, ok: OPERATIONS[request.op](request) } };
  } catch (error) {
    const kinds = [[Refused, "refused"], [SyntaxError, "refused"], [Unsupported, "unsupported"]];
    const kind = kinds.find(([type]) => error instanceof type)?.[1] ?? "failed";
    return { last: false, reply: { id, error: { kind, message: String(error.message) } } };
  }
}

async function serve() {
  let rest = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    rest += chunk;
    if (!chunk.includes("\n")) continue;
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const { last, reply } = replied(line);
      process.stdout.write(`${JSON.stringify(reply)}\n`);
      if (last) return;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve();
