/**
 * Makes the README's picture from a real run of the demo: `node build/out/js/scripts/picture.js`
 * writes .readme/demo.svg.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const COLUMNS = 150;
const LINE_HEIGHT = 18;
const CHARACTER_WIDTH = 7.83;
const MARGIN = 16;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Long lines are broken where a terminal of this width would break them. */
const wrap = (line: string): readonly string[] => {
  const rows: string[] = [];
  for (let rest = line; ; rest = `      ${rest.slice(COLUMNS)}`) {
    rows.push(rest.slice(0, COLUMNS));
    if (rest.length <= COLUMNS) return rows;
  }
};

const renderRow = (row: string, index: number): string => {
  const y = MARGIN + (index + 1) * LINE_HEIGHT;
  const step = /^( ?\d+\.)( .*)$/.exec(row);
  const isCommand = row.includes('npm run');
  const text =
    step === null
      ? `<tspan class="${isCommand ? 'command' : 'detail'}">${escapeXml(row)}</tspan>`
      : `<tspan class="number">${step[1]}</tspan><tspan>${escapeXml(step[2] ?? '')}</tspan>`;
  return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${text}</text>`;
};

const renderSvg = (lines: readonly string[]): string => {
  const rows = lines.flatMap(wrap);
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN);
  const height = (rows.length + 1) * LINE_HEIGHT + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="npm start">
<style>
text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d7dae0; }
.number { fill: #7ec699; } .detail { fill: #8b93a1; } .command { fill: #ffffff; }
</style>
<rect width="100%" height="100%" rx="8" fill="#1d2027"/>
${rows.map(renderRow).join('\n')}
</svg>
`;
};

const main = async (): Promise<void> => {
  const demo = spawn(process.execPath, [join('build', 'out', 'js', 'scripts', 'demo.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const lines = ['$ npm start'];
  for await (const line of createInterface({ input: demo.stdout })) {
    // What the agent logs beside the clients' own words makes the picture longer, not clearer.
    if (!/agent: (?!Console|Serving)/.test(line)) lines.push(line);
    if (line.includes('console open --data')) break;
  }
  demo.kill('SIGINT');
  mkdirSync('.readme', { recursive: true });
  writeFileSync(join('.readme', 'demo.svg'), renderSvg(lines));
};

void main();
