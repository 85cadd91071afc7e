import { PERSON_CSV, peopleOf, personColumns } from '../history/people.ts';
import { makeReport } from '../history/report.ts';

export const reportUsers = makeReport({
  name: 'users',
  summary: 'Show who held seats for how long, by user or by host',
  flags: { hosts: { kind: 'switch', summary: 'by host instead' } },
  print: (invocation, report, out) => {
    const rows = peopleOf(invocation, report).sort((one, other) => other.seatHours - one.seatHours);
    out({
      rows,
      columns: personColumns(invocation),
      csv: PERSON_CSV,
      empty: 'Nobody held a seat.',
    });
  },
});
