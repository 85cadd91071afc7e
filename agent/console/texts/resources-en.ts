/** The page of resources, in English. */

export const resourcesEn = {
  'res.add': 'Register resources',
  'res.names': 'Names, one a line or with commas',
  'res.customer': 'Customer (may be left out)',
  'res.addNow': 'Register',
  'res.none':
    'No resource is registered. A resource is a database or project that a license can be tied to.',
  'res.licenses': 'Licenses',
  'res.activate': 'Activate a license',
  'res.activateNow': 'Activate',
  'res.remove': 'Remove',
  'res.remove.title': 'Remove the resource {name}?',
  'res.remove.lead':
    'Clients see it no more, and its licenses lend nothing until they are activated for another.',
  'res.done': 'Done: {name}.',
} as const;
