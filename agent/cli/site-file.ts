/** Writes down of which site the agent is a member. */

import { writeWhole } from '../edges/whole-file.ts';
import { dataFolder, type SettingSources } from '../settings.ts';
import { changeSettings, type SettingChanges } from '../settings-change.ts';
import { readSettingsText, settingsFile } from '../settings-file.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

export interface ChangedFile {
  readonly file: string;
  /** It says something else than before. */
  readonly isChanged: boolean;
}

/** Codes: FILE_UNREADABLE, FOLDER_UNUSABLE. */
export const changeSettingsFile = async (
  sources: SettingSources,
  changes: SettingChanges,
): Promise<ChangedFile> => {
  const file = settingsFile(dataFolder(sources));
  try {
    const before = readSettingsText(file) ?? '';
    const after = changeSettings(before, changes);
    const isChanged = after !== before;
    if (isChanged) await writeWhole(file, after);
    return { file, isChanged };
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw new UsherError('FOLDER_UNUSABLE', `Cannot write ${file}: ${systemReason(error)}.`, error);
  }
};
