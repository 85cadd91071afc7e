/** Writes down of which site the agent is a member. */

import { writeWhole } from '../edges/whole-file.ts';
import { dataFolder, type SettingSources } from '../settings.ts';
import { changeSettings, type SettingChanges } from '../settings-change.ts';
import { readSettingsText, settingsFile } from '../settings-file.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

/** The file that was changed. Codes: FILE_UNREADABLE, FOLDER_UNUSABLE. */
export const changeSettingsFile = async (
  sources: SettingSources,
  changes: SettingChanges,
): Promise<string> => {
  const file = settingsFile(dataFolder(sources));
  try {
    await writeWhole(file, changeSettings(readSettingsText(file) ?? '', changes));
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw new UsherError('FOLDER_UNUSABLE', `Cannot write ${file}: ${systemReason(error)}.`, error);
  }
  return file;
};
