/** How much of what is done many times a story does: USHER_STORY_ROUNDS, or little. */

const asked = Number(process.env['USHER_STORY_ROUNDS'] ?? '');

export const ROUNDS: number = Number.isSafeInteger(asked) && asked > 0 ? asked : 3;
