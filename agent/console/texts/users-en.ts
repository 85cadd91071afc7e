/** The page of named users, in English. */

export const usersEn = {
  'user.assign': 'Assign users',
  'user.names': 'Names, one a line or with commas',
  'user.csv': 'Take a CSV file',
  'user.notUnicode': 'Nobody was assigned: the file is not in UTF-8. Save it as “CSV UTF-8”.',
  'user.assignNow': 'Assign',
  'user.assigned': '{n} assigned. {users} of {seats} seats are assigned now.',
  'user.recall': 'Recall',
  'user.recall.one': 'Recall {n} user',
  'user.recall.other': 'Recall {n} users',
  'user.recall.lead':
    'Their seats in use are taken back. A computer that does not answer keeps its seat until its time runs out.',
  'user.recalled': '{n} recalled.',
  'user.since': 'Assigned',
  'user.where': 'In use on',
  'user.waits': 'waits: there are fewer seats now',
  'user.none': 'Nobody is assigned a seat.',
  'user.noLicense': 'No license here is for named users.',
  'user.export': 'Save as CSV',
  'user.searchHint': 'User, product, computer',
} as const;
