/** What a running agent says: to whoever started it, into its own file, and to those who watch it. */

import { timerMs } from '../protocol/node/clock.ts';
import type { Note } from './core/notes.ts';
import { type LogStyle, LogWriter } from './edges/log-writer.ts';
import { RecentNotes } from './edges/recent-notes.ts';
import { RotatingLog } from './edges/rotating-log.ts';

export interface VoiceParts {
  /** Takes one log line, without its end. */
  readonly writeLine: (line: string) => void;
  readonly logStyle?: LogStyle;
  /** The agent's own log, where somebody else writes into it, too. */
  readonly log?: RotatingLog;
  /** Something has happened that the log tells of. */
  readonly onNews?: () => void;
}

export class AgentVoice {
  /** What it said lately. */
  readonly recent = new RecentNotes(Date.now);
  /** Told that there is something new to see; set when there is somebody to tell. */
  onChange: () => void = () => {};
  readonly #log: LogWriter;
  readonly #onNews: (() => void) | undefined;

  /** `path` of its own file, where no log is given. */
  constructor({ log, writeLine, logStyle, onNews }: VoiceParts, path: string) {
    const file = log ?? new RotatingLog(path);
    this.#log = new LogWriter(writeLine, timerMs, logStyle, (line) => file.write(line));
    this.#onNews = onNews;
  }

  /** Something is shown otherwise of which nobody says a word. */
  readonly changed = (): void => this.onChange();

  /** Says a sentence. */
  readonly say = (sentence: string, isWarning: boolean): void => {
    this.#log.say(sentence, isWarning);
    this.recent.say(sentence, isWarning);
    this.onChange();
  };

  /** Tells what the core noted. */
  readonly note = (note: Note): void => {
    this.recent.note(note, this.#log.note(note));
    this.onChange();
    this.#onNews?.();
  };
}
