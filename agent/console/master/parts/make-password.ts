/** A password that can be read out: 120 bits in five groups, as the command line makes them. */
export const makePassword = (): string => {
  const hex = [...crypto.getRandomValues(new Uint8Array(15))].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return (hex.join('').match(/.{6}/g) ?? []).join('-');
};
