// Holds the functions of a module to a file of test vectors, exactly and without the harness:
//   node vectors.mjs ../../conformance/vectors/pcgrad.json [module.mjs]
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const [, , path, module = new URL("backend.mjs", import.meta.url).pathname] = process.argv;
const BITS = 2200n; // numbers are BigInts in units of 2^-2200: doubles exactly, others to the last
const DIGITS = { float64: 53n, float32: 24n };
const size = (number) => (number < 0n ? -number : number);
function hex(text) { // a C99 hex float, as a double
  const [, sign, whole, digits, power] = /^(-?)0x(.)\.?(.*)p(.*)$/.exec(text);
  const half = Math.trunc(power / 2);
  return Number(`${sign}1`) * parseInt(whole + digits, 16) * 2 ** half * 2 ** (power - half - 4 * digits.length);
}
function fixed(number) {
  const [bits] = new BigUint64Array(Float64Array.of(number).buffer);
  const exponent = (bits >> 52n) & 2047n;
  const whole = (bits & (2n ** 52n - 1n)) | (exponent && 2n ** 52n);
  return (number < 0 ? -whole : whole) << (BITS - 1075n + (exponent || 1n));
}
function rational(text, unit = 1n << BITS) {
  const [p, q = "1"] = text.split("/");
  return (BigInt(p) * unit) / BigInt(q);
}
function root(square, guess = 1n << BigInt(2 * square.toString(16).length)) {
  const better = (guess + square / guess) / 2n;
  return better >= guess ? guess : root(square, better);
}
const sum = (terms) => terms.reduce((all, [r, d]) => all + rational(r, root(BigInt(d) << (2n * BITS))), 0n);
function decimal(text) {
  const [, whole, digits, power = 0] = /^(-?\d+)\.?(\d*)(?:e(.*))?$/.exec(text);
  const zeros = "0".repeat(Math.abs(power - digits.length));
  return rational(whole + digits + (power < digits.length ? `/1${zeros}` : zeros));
}
function exact(entry) { // "p/q", a sum of p/q sqrt(D), a quotient of two, or a ball: [middle, radius]
  if (typeof entry === "string") return [rational(entry), 0n];
  if (Array.isArray(entry)) return [sum(entry), 0n];
  if (entry.mid) return [decimal(entry.mid), decimal(entry.rad)];
  return [(sum(entry.numerator) << BITS) / sum(entry.denominator), 0n];
}
function near(got, expected, bound, digits) { // |x - x*| <= 30 u bound
  if (Array.isArray(got[0])) return expected.every((row, i) => near(got[i], row, bound[i] ?? bound, digits));
  const gaps = expected.map(exact).map(([middle, radius], k) => size(fixed(got[k]) - middle) - radius);
  const beyond = gaps.filter((gap) => gap > 0n).reduce((all, gap) => all + gap ** 2n, 0n);
  return beyond <= ((30n * fixed(bound)) >> digits) ** 2n;
}
function judged({ inputs, random, dtype, expected, bound, bounds = {}, result }) {
  if (result !== "valid" || !DIGITS[dtype]) return "skipped"; // what must be refused, and sets
  const outputs = implementation(inputs.jacobian.map((row) => row.map(hex)), random);
  const rounded = (each) => (Array.isArray(each) ? each.map(rounded) : dtype === "float32" ? Math.fround(each) : each);
  const right = ([name, numbers]) => near(rounded(outputs[name]), numbers, bounds[name] ?? bound, DIGITS[dtype]);
  return Object.entries(expected).every(right) ? "passed" : "failed";
}
const { method, tests } = JSON.parse(readFileSync(path));
const implementation = (await import(pathToFileURL(module)))[method];
const verdicts = tests.map(judged);
const count = (verdict) => verdicts.filter((each) => each === verdict).length;
const failed = tests.filter((_, k) => verdicts[k] === "failed");
for (const { id, comment } of failed) console.log(`failed: ${method} ${id}, ${comment}`);
console.log(`${method}: ${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
process.exitCode = count("failed") || !count("passed") ? 1 : 0;
