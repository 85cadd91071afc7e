/** The rules of lending: their text, what is wrong with it, and what it means for somebody. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RuleFault } from '../../core/operations.ts';
import { parseRules } from '../../core/rules/parse-rules.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { ExplainWish } from '../parts/explain-wish.tsx';
import { useMay } from '../parts/session.ts';
import { toast } from '../parts/toast.tsx';
import { count, t } from '../text.ts';
import { useOperation } from '../views.ts';

const EXAMPLE = 'reserve 2 acme-cad for user boss';

export const RulesPage = () => {
  const saved = useOperation({ kind: 'rules-text' });
  const rules = useOperation({ kind: 'rules-show' })?.rules;
  const [draft, setDraft] = useState<string>();
  const mayChange = useMay('administrator');
  const editor = useRef<HTMLTextAreaElement>(null);
  const text = draft ?? saved?.text ?? '';
  const read = useMemo(() => parseRules(text), [text]);
  useEffect(() => {
    if (draft === saved?.text) setDraft(undefined);
  }, [saved?.text]);
  if (saved === undefined) return <p class="empty">{t('app.loading')}</p>;
  const isChanged = draft !== undefined && draft !== saved.text;
  const save = (): Promise<boolean> =>
    attempt(async () => {
      await ask({ kind: 'rules-write', text, was: saved.text });
      toast(t('rule.saved'));
    });
  const goTo = (line: number): void => {
    const from =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    const to = text.indexOf('\n', from);
    editor.current?.focus();
    editor.current?.setSelectionRange(from, to === -1 ? text.length : to);
  };
  return (
    <>
      <h1>{t('nav.rules')}</h1>
      <div class="rules">
        <section class="card">
          <Editor {...{ text, editor, file: saved.file, isLocked: !mayChange }} change={setDraft} />
          {mayChange ? (
            <div class="actions start">
              <button type="button" class="main" disabled={!isChanged || !read.ok} onClick={save}>
                {t('rule.save')}
              </button>
              <button
                type="button"
                class="quiet"
                disabled={!isChanged}
                onClick={() => setDraft(undefined)}
              >
                {t('rule.revert')}
              </button>
            </div>
          ) : null}
        </section>
        <div>
          <section class="card" aria-live="polite">
            {read.ok ? (
              <p class="fine">
                {read.value.isEmpty
                  ? t('rule.empty')
                  : t('rule.fine', { rules: count('rules', read.value.all.length) })}
              </p>
            ) : (
              <Faults title={t('rule.faults')} faults={read.error} goTo={goTo} tone="bad" />
            )}
            {read.ok && !isChanged && rules !== undefined && rules.warnings.length > 0 ? (
              <Faults title={t('over.attention')} faults={rules.warnings} goTo={goTo} tone="warn" />
            ) : null}
            {text.trim() === '' ? (
              <p class="muted">{t('rule.help', { example: EXAMPLE })}</p>
            ) : null}
          </section>
          <ExplainWish rules={text} isSound={read.ok} />
        </div>
      </div>
    </>
  );
};

interface EditorProps {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly editor: { current: HTMLTextAreaElement | null };
  readonly file: string;
  readonly isLocked: boolean;
}

const Editor = ({ text, change, editor, file, isLocked }: EditorProps) => {
  const numbers = useRef<HTMLPreElement>(null);
  const lines = text.split('\n').length;
  return (
    <label>
      {t('rule.file')} <small class="path">{file}</small>
      <div class="editor">
        <pre ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, i) => i + 1).join('\n')}
        </pre>
        <textarea
          ref={editor}
          class="code"
          rows={18}
          wrap="off"
          spellcheck={false}
          readOnly={isLocked}
          value={text}
          onInput={(event) => change(event.currentTarget.value)}
          onScroll={(event) => {
            if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
    </label>
  );
};

interface FaultsProps {
  readonly title: string;
  readonly faults: readonly RuleFault[];
  readonly goTo: (line: number) => void;
  readonly tone: 'bad' | 'warn';
}

const Faults = ({ title, faults, goTo, tone }: FaultsProps) => (
  <>
    <h2>{title}</h2>
    <ul class="faults">
      {faults.map(({ line, sentence }) => (
        <li key={line + sentence} class={tone}>
          {line === 0 ? null : (
            <button type="button" class="link" onClick={() => goTo(line)}>
              {t('rule.line', { n: line })}
            </button>
          )}{' '}
          {sentence}
        </li>
      ))}
    </ul>
  </>
);
