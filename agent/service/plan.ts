/** What installing and removing consist of, as data that can be shown, tested and done. */

export type Step =
  /** Copies the running program; what runs goes on running from its old file. */
  | { readonly kind: 'program'; readonly from: string; readonly to: string }
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly content: string;
      /** A file that is there stays as it is: it is the administrator's. */
      readonly isKept: boolean;
    }
  | {
      readonly kind: 'run';
      readonly words: readonly string[];
      /** Only when a step before has changed something. */
      readonly onChange: boolean;
      /** A failure means that there was nothing to do. */
      readonly mayFail: boolean;
      /** What it prints is told, and of a failure this, and the rest goes on; else `null`. */
      readonly complaint: string | null;
    }
  /** Removes a file, or a folder with all that is in it. */
  | { readonly kind: 'remove'; readonly path: string }
  /** Removes a folder, unless something is in it. */
  | { readonly kind: 'remove-empty'; readonly path: string };

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

/** A command that must succeed. */
export const command = (...words: readonly string[]): StepOf<'run'> => ({
  kind: 'run',
  words,
  onChange: false,
  mayFail: false,
  complaint: null,
});

/** A command that must succeed, needed only when something has changed. */
export const commandOnChange = (...words: readonly string[]): StepOf<'run'> => ({
  ...command(...words),
  onChange: true,
});

/** A command whose failure means that there was nothing to do. */
export const commandIfAny = (...words: readonly string[]): StepOf<'run'> => ({
  ...command(...words),
  mayFail: true,
});

/** A command whose words are told; when it fails, this is said of it. */
export const commandTold = (complaint: string, ...words: readonly string[]): StepOf<'run'> => ({
  ...command(...words),
  complaint,
});

/** The step in words, a file with its whole content; the lines of a dry run. */
export const stepToLines = (step: Step): readonly string[] => {
  switch (step.kind) {
    case 'program':
      return [`Copy ${step.from} to ${step.to} (mode 755)`];
    case 'folder':
      return [`Make the folder ${step.path} (mode ${step.mode.toString(8)})`];
    case 'file': {
      const unless = step.isKept ? ', unless it is there' : '';
      const content = step.content.replace(/\n$/, '').split('\n');
      return [
        `Write ${step.path} (mode ${step.mode.toString(8)})${unless}:`,
        ...content.map((line) => `    ${line}`.trimEnd()),
      ];
    }
    case 'run':
      return [`Run ${wordsToText(step.words)}${step.onChange ? ', if something has changed' : ''}`];
    case 'remove':
      return [`Remove ${step.path}`];
    case 'remove-empty':
      return [`Remove ${step.path}, if it is empty`];
  }
};

/** A command as somebody would type it. */
export const wordsToText = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
