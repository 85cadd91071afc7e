/** The page of rules, in English. */

export const rulesEn = {
  'rule.file': 'The rules’ file',
  'rule.save': 'Save and put in force',
  'rule.revert': 'Back to the saved text',
  'rule.saved': 'In force.',
  'rule.fine': 'In order: {rules}.',
  'rule.empty': 'No rule: everybody may take any seat.',
  'rule.faults': 'To be mended first',
  'rule.line': 'Line {n}',
  'rule.try': 'What would somebody get?',
  'rule.tryNow': 'Explain',
  'rule.yes': 'A seat is free.',
  'rule.shared': 'Yes: it would share the seat that is in use already.',
  'rule.overdraft': 'Yes, beyond the licensed count, as the vendor tolerates.',
  'rule.inUse': '{used} of {all} seats that could serve it are in use.',
  'rule.withheld': '{n} free ones are kept for others.',
  'rule.count': 'Now {held} of {most}.',
  'rule.applies': 'has a say',
  'rule.address': 'Address',
  'rule.draft': 'By the text as it stands here, saved or not.',
  'rule.help': 'For example: {example}',
} as const;
