/** The squares of a QR code: its fixed patterns, then the bytes in their zigzag, under a mask. */

/** Rows of squares, `true` for dark. */
export type Matrix = readonly (readonly boolean[])[];

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];
const LOWEST_CORRECTION = 1;

class Drawing {
  readonly size: number;
  readonly dark: boolean[][];
  readonly #fixed: boolean[][];

  constructor(size: number) {
    this.size = size;
    const empty = (): boolean[][] =>
      Array.from({ length: size }, () => Array.from({ length: size }, () => false));
    this.dark = empty();
    this.#fixed = empty();
  }

  /** A square that is no data; one outside is left out. */
  fix(x: number, y: number, isDark: boolean): void {
    const [row, fixed] = [this.dark[y], this.#fixed[y]];
    if (row === undefined || fixed === undefined || x < 0 || x >= this.size) return;
    row[x] = isDark;
    fixed[x] = true;
  }

  isFixed(x: number, y: number): boolean {
    return this.#fixed[y]?.[x] ?? true;
  }
}

export const drawMatrix = (version: number, bytes: Uint8Array): Matrix => {
  const drawing = new Drawing(version * 4 + 17);
  drawPatterns(drawing, version);
  drawFormat(drawing, 0);
  drawBytes(drawing, bytes);
  let best: Matrix = [];
  let least = Number.POSITIVE_INFINITY;
  for (const [number, mask] of MASKS.entries()) {
    drawFormat(drawing, number);
    const masked = drawing.dark.map((row, y) =>
      row.map((dark, x) => (drawing.isFixed(x, y) ? dark : dark !== mask(x, y))),
    );
    const penalty = penaltyOf(masked);
    if (penalty >= least) continue;
    least = penalty;
    best = masked;
  }
  return best;
};

const drawPatterns = (drawing: Drawing, version: number): void => {
  const { size } = drawing;
  for (let i = 0; i < size; i++) {
    drawing.fix(6, i, i % 2 === 0);
    drawing.fix(i, 6, i % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const) {
    drawRings(drawing, x, y, 4, (ring) => ring !== 2 && ring !== 4);
  }
  const places = marks(version);
  const last = places.length - 1;
  for (const [i, x] of places.entries()) {
    for (const [k, y] of places.entries()) {
      const isCorner = (i === 0 && k === 0) || (i === 0 && k === last) || (i === last && k === 0);
      if (!isCorner) drawRings(drawing, x, y, 2, (ring) => ring !== 1);
    }
  }
  if (version >= 7) drawVersion(drawing, version);
};

const drawRings = (
  drawing: Drawing,
  x: number,
  y: number,
  radius: number,
  isDark: (ring: number) => boolean,
): void => {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      drawing.fix(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
};

/** Where the small marks stand, along both edges. */
const marks = (version: number): readonly number[] => {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const size = version * 4 + 17;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - (count - 2 - i) * step)];
};

const drawVersion = (drawing: Drawing, version: number): void => {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const [long, short] = [drawing.size - 11 + (i % 3), Math.floor(i / 3)];
    drawing.fix(long, short, ((bits >>> i) & 1) === 1);
    drawing.fix(short, long, ((bits >>> i) & 1) === 1);
  }
};

const drawFormat = (drawing: Drawing, mask: number): void => {
  const data = (LOWEST_CORRECTION << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (i: number): boolean => ((bits >>> i) & 1) === 1;
  const { size } = drawing;
  for (let i = 0; i <= 5; i++) drawing.fix(8, i, bit(i));
  drawing.fix(8, 7, bit(6));
  drawing.fix(8, 8, bit(7));
  drawing.fix(7, 8, bit(8));
  for (let i = 9; i < 15; i++) drawing.fix(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) drawing.fix(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) drawing.fix(8, size - 15 + i, bit(i));
  drawing.fix(8, size - 8, true);
};

/** Two columns at a time, from the right, up and down in turn. */
const drawBytes = (drawing: Drawing, bytes: Uint8Array): void => {
  const { size } = drawing;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const isUp = ((right + 1) & 2) === 0;
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = drawing.dark[y];
        if (row === undefined || drawing.isFixed(x, y) || at >= bytes.length * 8) continue;
        row[x] = (((bytes[at >> 3] ?? 0) >>> (7 - (at & 7))) & 1) === 1;
        at++;
      }
    }
  }
};

const RUN = 5;

/** Long runs and large squares of one colour are hard to read. */
const penaltyOf = (dark: Matrix): number => {
  let penalty = 0;
  const size = dark.length;
  const lines = [...dark, ...dark.map((_, x) => dark.map((row) => row[x] ?? false))];
  for (const line of lines) {
    let run = 0;
    for (const [i, one] of line.entries()) {
      run = i > 0 && one === line[i - 1] ? run + 1 : 1;
      if (run === RUN) penalty += 3;
      else if (run > RUN) penalty++;
    }
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const one = dark[y]?.[x];
      if (one === dark[y - 1]?.[x] && one === dark[y]?.[x - 1] && one === dark[y - 1]?.[x - 1]) {
        penalty += 3;
      }
    }
  }
  return penalty;
};
