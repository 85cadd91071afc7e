import { openServiceManager } from '../../service/open-service-manager.ts';
import type { ServiceStatus } from '../../service/service-manager.ts';
import { print } from '../agent-command.ts';
import { renderColumns } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const serviceStatus: Command = {
  name: 'service status',
  summary: 'Show whether the service is installed and runs; exit code 3 when it does not',
  positionals: [],
  flags: JSON_FLAG,
  settings: [],
  run: async (invocation) => {
    const status = await openServiceManager().status();
    print(invocation, status, render);
    return status.state === 'running' ? EXIT.done : EXIT['no agent'];
  },
};

const render = ({ state, pid, startsAtBoot, detail }: ServiceStatus): string => {
  const rows = [
    ['Service', pid === null ? state.replace('-', ' ') : `${state}, process ${pid}`],
    ['At boot', startsAtBoot ? 'started' : 'not started'],
  ];
  return `${renderColumns(rows)}\n${detail === null ? '' : `\n${detail}\n`}`;
};
