/** The files that settings name: whether an agent that started now could use them. */

import { readCertificate } from './admin/web/certificate.ts';
import { readAuthority, readIdentity } from './open-register.ts';
import { type SettingFault, type SettingsText, settingText } from './settings-file.ts';
import { NAMED_FILES, type NamedFile } from './settings-table.ts';
import { UsherError } from './usher-error.ts';

const READERS: Readonly<Record<NamedFile, (file: string) => unknown>> = {
  'console-certificate': readCertificate,
  'site-ca': readAuthority,
  'site-certificate': readIdentity,
};

/** What is wrong with the files that a settings file at `path` names, as this user reads them. */
export const faultsOfFiles = async (
  path: string,
  given: SettingsText['given'],
): Promise<readonly SettingFault[]> => {
  const faults: SettingFault[] = [];
  for (const name of NAMED_FILES) {
    const setting = given.get(name);
    if (setting === undefined) continue;
    try {
      await READERS[name](settingText(path, name, setting));
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      faults.push({ line: setting.line, sentence: error.message });
    }
  }
  return faults;
};
