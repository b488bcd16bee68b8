import { expect, test } from "vitest";

import { Circuit } from "../../src/limits/circuit.ts";

test("while the platform is away it is probed once per pause, and pauses double up to half a minute", () => {
  const circuit = new Circuit();
  expect([circuit.open, circuit.mayProbe(0)]).toEqual([false, false]);
  const probes: number[] = [];
  circuit.failed(0);
  for (let nowMs = 0; nowMs < 200_000; nowMs += 10) {
    if (!circuit.mayProbe(nowMs)) continue;
    probes.push(nowMs);
    circuit.failed(nowMs);
  }
  expect(circuit.open).toBe(true);
  const pauses = probes.map((probeMs, index) => probeMs - (probes[index - 1] ?? 0));
  expect(pauses).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000,
  ]);
});

test("a platform that was heard of is probed soon, and an answer closes the circuit", () => {
  const circuit = new Circuit();
  for (let failures = 0; failures < 9; failures += 1) circuit.failed(1_000);
  expect([circuit.mayProbe(1_300), circuit.mayProbe(1_100, true), circuit.mayProbe(1_300, true)]).toEqual([
    false,
    false,
    true,
  ]);
  circuit.answered();
  expect(circuit.open).toBe(false);
});
