/**
 * Loaded into a program before it starts (`--import`): its calendar is ahead by the seconds in the
 * file that STORY_CLOCK names, read each time, so that the clock can be set while it runs.
 */

import { readFileSync } from 'node:fs';

const file = process.env['STORY_CLOCK'] ?? '';
const trueTime = Date.now;

Date.now = () => trueTime() + Number(readFileSync(file, 'utf8')) * 1000;
