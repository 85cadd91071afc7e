/** Reed and Solomon's correction over GF(2^8) with the polynomial of QR codes. */

const POLYNOMIAL = 0x11d;

const multiply = (x: number, y: number): number => {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >>> 7) * POLYNOMIAL);
    product ^= ((y >>> i) & 1) * x;
  }
  return product;
};

const divisorOf = (degree: number): Uint8Array => {
  const divisor = new Uint8Array(degree);
  divisor[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let k = 0; k < degree; k++) {
      divisor[k] = multiply(divisor[k] ?? 0, root) ^ (divisor[k + 1] ?? 0);
    }
    root = multiply(root, 2);
  }
  return divisor;
};

/** So many bytes by which `data` can be mended. */
export const correct = (data: Uint8Array, size: number): Uint8Array => {
  const divisor = divisorOf(size);
  const rest = new Uint8Array(size);
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0);
    rest.copyWithin(0, 1);
    rest[size - 1] = 0;
    for (let i = 0; i < size; i++) rest[i] = (rest[i] ?? 0) ^ multiply(divisor[i] ?? 0, factor);
  }
  return rest;
};
