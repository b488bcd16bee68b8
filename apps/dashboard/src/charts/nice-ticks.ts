const STEPS = [1, 2, 2.5, 5, 10];
const INTERVALS = 4;

/** Round ticks from 0 to at least `highest`, four to five of them, or fewer where only whole numbers make sense. */
export function niceTicks(highest: number, isWhole: boolean): readonly number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / INTERVALS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10;
  const step = isWhole ? Math.max(1, Math.ceil(factor * power)) : factor * power;
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
