/** Text as it stands in an address. */

/**
 * What percent-encoded text says (RFC 3986, section 2.1). A sign that encodes nothing stands for itself: people paste
 * passwords as they are.
 */
export const plainText = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
