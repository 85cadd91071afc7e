/** Whom alarms are told, as the settings say. */

import type { AlarmNews } from './core/alarms/alarm-watch.ts';
import type { MailServer } from './edges/alarms/smtp.ts';

export interface AlarmSettings {
  /** Days before its end at which a license is told of. */
  readonly licenseDays: number;
  /** Minutes for which every seat must be lent. */
  readonly fullMinutes: number;
  /** Hours for which a master must not have answered. */
  readonly masterHours: number;
  /** Minutes for which a member of the site must have been dead. */
  readonly memberMinutes: number;
  readonly webhook: URL | null;
  readonly mailServer: MailServer | null;
  readonly mailTo: readonly string[];
}

/** How news are told; none where nobody is to be told. */
export const alarmTellers = (
  { webhook, mailServer, mailTo }: AlarmSettings,
  agent: string,
): readonly ((news: AlarmNews) => Promise<void>)[] => {
  const tellers: ((news: AlarmNews) => Promise<void>)[] = [];
  if (webhook !== null) {
    tellers.push(async (news) => {
      const { postJson } = await import('./edges/alarms/webhook.ts');
      await postJson(webhook, { ...news, agent, time: new Date().toISOString() });
    });
  }
  if (mailServer !== null && mailTo.length > 0) {
    tellers.push(async ({ event, sentence }) => {
      const { sendMail } = await import('./edges/alarms/smtp.ts');
      const [from = ''] = mailTo;
      const subject = `${event === 'raised' ? 'Usher' : 'Usher, over'} (${agent}): ${sentence}`;
      await sendMail(mailServer, { from, to: mailTo, subject, text: `${sentence}\n` });
    });
  }
  return tellers;
};
