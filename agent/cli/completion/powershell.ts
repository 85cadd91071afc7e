/** Completion for PowerShell 5.1 and newer. */

import { type CommandShape, firstWords, TOP_FLAGS } from './shape.ts';

/** What a profile dot-sources. Files are completed by PowerShell itself, where nothing here fits. */
export const renderPowerShell = (shapes: readonly CommandShape[]): string =>
  `# PowerShell completion for usher, made from its own table of commands: usher completion powershell
Register-ArgumentCompleter -Native -CommandName usher, usher.exe -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $next = @{
    '' = ${list([...firstWords(shapes), 'help', ...TOP_FLAGS.map(({ name }) => name)])}
${[...nextWords(shapes)].map(([before, words]) => `    ${quote(before)} = ${list(words)}`).join('\n')}
  }
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object {
    $_.Extent.EndOffset -lt $cursorPosition
  } | ForEach-Object { $_.ToString() })
  if ($words -contains '--') { return }
  $command = ''
  foreach ($word in $words) {
    $longer = "$command $word".Trim()
    if (-not $next.ContainsKey($longer)) { break }
    $command = $longer
  }
  $candidates = $next[$command]
  $values = "$command $(if ($words.Count) { $words[-1] })"
  if ($words.Count -and $next.ContainsKey($values)) { $candidates = $next[$values] }
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;

/** What may follow: on a family its members, on a command its flags, on a flag its few words. */
const nextWords = (shapes: readonly CommandShape[]): ReadonlyMap<string, readonly string[]> => {
  const next = new Map<string, readonly string[]>();
  for (const { words, flags, positionals } of shapes) {
    const [first = '', second] = words;
    if (second !== undefined) next.set(first, [...(next.get(first) ?? []), second]);
    const name = words.join(' ');
    const typed = positionals.flatMap((one) => (one.kind === 'one-of' ? one.words : []));
    next.set(name, [...typed, ...flags.map((flag) => flag.name)]);
    for (const flag of flags) {
      if (flag.value?.kind === 'one-of') next.set(`${name} ${flag.name}`, flag.value.words);
    }
  }
  return next;
};

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const list = (words: readonly string[]): string => `@(${words.map(quote).join(', ')})`;
