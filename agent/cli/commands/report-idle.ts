import { PERSON_CSV, peopleOf, personColumns } from '../history/people.ts';
import { makeReport } from '../history/report.ts';

export const reportIdle = makeReport({
  name: 'idle',
  summary: 'Show who held seats without using them, as far as their applications tell',
  flags: { hosts: { kind: 'switch', summary: 'by host instead' } },
  print: (invocation, report, out) => {
    const rows = peopleOf(invocation, report)
      .filter(({ idleHours }) => idleHours > 0)
      .sort((one, other) => other.idleHours - one.idleHours);
    const empty = 'No application has told of a seat that was not used.';
    out({ rows, columns: personColumns(invocation), csv: PERSON_CSV, empty });
  },
});
