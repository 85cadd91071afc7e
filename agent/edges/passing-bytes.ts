/** Room for many bytes that are needed for a moment. */

/**
 * `size` bytes that the engine takes from the system, and gives back to it. What is allocated in the
 * usual way and then freed teaches the allocator to keep as much, and the agent stays larger by it.
 */
export const passingBytes = (size: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new ArrayBuffer(size, { maxByteLength: size }));

/** Gives them back at once: who idles collects no garbage. */
export const letPass = ({ buffer }: Uint8Array<ArrayBuffer>): void => buffer.resize(0);
