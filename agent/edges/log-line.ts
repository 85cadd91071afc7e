/** A line of the agent's own log file: fields that tabs part, to be read by people and programs. */

import { type Note, noteToSentence } from '../core/notes.ts';

export interface LogEntry {
  /** As ISO 8601, in UTC. */
  readonly time: string;
  readonly level: 'info' | 'warning';
  /** What kind of event it is: that of its note, or `agent`. */
  readonly kind: string;
  readonly sentence: string;
  /** What the sentence is made of. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export const entryOf = (note: Note, level: LogEntry['level'], time: string): LogEntry => {
  const { kind, ...fields } = note;
  return { time, level, kind, sentence: noteToSentence(note), fields };
};

export const entryToLine = ({ time, level, kind, sentence, fields }: LogEntry): string => {
  const rest = Object.keys(fields).length === 0 ? '' : `\t${JSON.stringify(fields)}`;
  return `${time}\t${level}\t${kind}\t${sentence.replaceAll(/[\t\r\n]+/g, ' ')}${rest}`;
};

/** The entry in a line; of a line of another form, such as a stack, its text is the sentence. */
export const lineToEntry = (line: string): LogEntry => {
  const [time = '', level, kind = '', sentence = '', fields = '{}'] = line.split('\t');
  if (level === 'info' || level === 'warning') {
    return { time, level, kind, sentence, fields: readFields(fields) };
  }
  const [, stamp = '', text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/.exec(line) ?? [];
  return { time: stamp, level: 'info', kind: 'agent', sentence: text, fields: {} };
};

const readFields = (text: string): LogEntry['fields'] => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as LogEntry['fields']) : {};
  } catch {
    return {};
  }
};
