/** What makes two names the same for people who type them. */

/** Equal for names that differ in capitals, or in how an accent is put together, and only for those. */
export const foldCase = (name: string): string =>
  name.normalize('NFC').toLowerCase().normalize('NFC');
