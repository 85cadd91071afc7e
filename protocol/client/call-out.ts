/** Calls into the application. */

/**
 * Calls what the application gave to be called. What that throws comes up as an uncaught exception, as
 * from any listener of an event, and keeps nobody here from going on.
 */
export const callOut = (call: () => void): void => {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
