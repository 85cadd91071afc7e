/** Puts counters into compiled JavaScript: one wherever the way of a program can part. */

import ts from 'typescript';

/** Counters that all instrumented modules share; places beyond them share some. */
export const COUNTERS = 1 << 14;

/** Modules find their counters under this name. */
export const COUNTERS_NAME = '__usherPlaces';

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Of two at one place, an outer closing comes after an inner one. */
  readonly rank: number;
}

/** The source with counters numbered from `first`, and the number behind the last. */
export const instrument = (
  source: string,
  first: number,
): { readonly source: string; readonly next: number } => {
  const file = ts.createSourceFile('module.js', source, ts.ScriptTarget.ES2022, false);
  const insertions: Insertion[] = [];
  let next = first;
  const count = (): string => `__places[${next++ % COUNTERS}]++`;
  const visit = (node: ts.Node, depth: number): void => {
    for (const branch of branchesOf(node)) {
      const [before, after] = wrap(branch, file, count);
      insertions.push({ at: before.at, text: before.text, rank: depth });
      if (after !== undefined) insertions.push({ at: after.at, text: after.text, rank: -depth });
    }
    ts.forEachChild(node, (child) => visit(child, depth + 1));
  };
  visit(file, 0);
  const head = `const __places = globalThis.${COUNTERS_NAME} ??= new Uint8Array(${COUNTERS});\n`;
  return { source: head + insertAll(source, insertions), next };
};

/** The parts of a node that may or may not be run. */
const branchesOf = (node: ts.Node): readonly ts.Node[] => {
  if (ts.isIfStatement(node)) {
    return node.elseStatement ? [node.thenStatement, node.elseStatement] : [node.thenStatement];
  }
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
  if (ts.isIterationStatement(node, false)) return [node.statement];
  if (ts.isCaseOrDefaultClause(node)) return [node];
  if (ts.isBinaryExpression(node) && isShortcut(node.operatorToken.kind)) return [node.right];
  if (ts.isFunctionLike(node) && 'body' in node && node.body) return [node.body as ts.Node];
  return ts.isCatchClause(node) ? [node.block] : [];
};

const isShortcut = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.AmpersandAmpersandToken ||
  kind === ts.SyntaxKind.BarBarToken ||
  kind === ts.SyntaxKind.QuestionQuestionToken;

type Piece = { readonly at: number; readonly text: string };

const wrap = (
  node: ts.Node,
  file: ts.SourceFile,
  count: () => string,
): readonly [Piece, Piece | undefined] => {
  const start = node.getStart(file);
  if (ts.isBlock(node)) return [{ at: start + 1, text: `${count()};` }, undefined];
  if (ts.isCaseOrDefaultClause(node)) {
    const colon = node.statements[0]?.getStart(file) ?? node.end;
    return [{ at: colon, text: `${count()};` }, undefined];
  }
  if (ts.isStatement(node)) {
    return [
      { at: start, text: `{${count()};` },
      { at: node.end, text: '}' },
    ];
  }
  return [
    { at: start, text: `(${count()},` },
    { at: node.end, text: ')' },
  ];
};

const insertAll = (source: string, insertions: readonly Insertion[]): string => {
  const sorted = [...insertions].sort((one, other) => one.at - other.at || one.rank - other.rank);
  const parts: string[] = [];
  let from = 0;
  for (const { at, text } of sorted) {
    parts.push(source.slice(from, at), text);
    from = at;
  }
  return parts.join('') + source.slice(from);
};
