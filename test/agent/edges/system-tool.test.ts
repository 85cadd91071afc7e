import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { followTool, runTool, toolWithin } from '../../../agent/edges/system-tool.ts';

const tools = suite('tools of the system');

tools('one is run to its end, in English', async () => {
  const ran = await runTool(['sh', '-c', 'echo "out $LC_ALL"; echo err >&2; exit 3']);
  assert.equal(ran, { status: 3, out: 'out C\n', err: 'err\n' });
});

tools(
  'one that is not there, or does not come to an end, has no exit code and a reason',
  async () => {
    const none = await runTool(['/nowhere/at-all']);
    assert.equal(none, { status: null, out: '', err: 'there is no such file or folder' });
    const late = await toolWithin(10)(['sleep', '1000']);
    assert.is(late.status, null);
    assert.is.not(late.err, '');
  },
);

tools('one that goes on is followed line by line until it is stopped', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const words = ['sh', '-c', 'echo one; echo two; exec sleep 1000'];
  const tell = (line: string): void => {
    told.push(line);
    if (line === 'two') stop.abort();
  };
  assert.is(await followTool(words, tell, stop.signal), null);
  assert.equal(told, ['one', 'two']);
  assert.is(await followTool(['sh', '-c', 'exit 4'], tell, new AbortController().signal), 4);
  assert.is(await followTool(['/nowhere/at-all'], tell, new AbortController().signal), null);
});

if (process.platform !== 'win32') tools.run();
