// Who may import whom (README, "How it works"). `npm test` runs this, and test/gates proves that
// it can fail.
const EDGE_OF_CLIENT =
  '^protocol/client/(agents-found|borrow-desk|borrow-returns|client|connection|errand-driver|fetch-proofs|inquiries|line|network|own-holder|seat-driver|seat|standalone-seat|taken-seat)\\.ts$';

/** One importer each, within what ships. */
const only = (module, importer, comment) => ({
  name: `only-${importer.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')}-imports-${module.replace(/[^a-z]+/g, '')}`,
  severity: 'error',
  comment,
  from: { path: '^(agent|protocol)/', pathNot: importer },
  to: { path: module },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'protocol-knows-nobody',
      severity: 'error',
      comment: 'What both sides agree on depends on neither side.',
      from: { path: '^protocol/' },
      to: { path: '^(agent|scripts|test|build)/' },
    },
    {
      name: 'protocol-is-pure',
      severity: 'error',
      comment: 'But for node/ and the edge of the client, protocol uses nothing of Node.',
      from: { path: '^protocol/', pathNot: ['^protocol/node/', EDGE_OF_CLIENT] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'protocol-does-not-reach-for-its-edges',
      severity: 'error',
      from: { path: '^protocol/', pathNot: ['^protocol/node/', EDGE_OF_CLIENT] },
      to: { path: '^protocol/node/' },
    },
    {
      name: 'core-knows-the-protocol-only',
      severity: 'error',
      comment: 'The core decides; what touches the world is outside.',
      from: { path: '^agent/core/' },
      to: { pathNot: ['^agent/core/', '^protocol/(?!node/|client/)'] },
    },
    {
      name: 'master-decides-without-the-world',
      severity: 'error',
      comment: "What a master decides is as pure as the agent's core.",
      from: { path: '^agent/vendor/master/' },
      to: {
        pathNot: [
          '^agent/vendor/master/',
          '^agent/core/write\\.ts$',
          '^protocol/(?!node/|client/)',
        ],
      },
    },
    {
      name: 'edges-do-not-know-who-uses-them',
      severity: 'error',
      from: { path: '^agent/edges/' },
      to: {
        path: '^agent/(cli|admin|vendor|service|main\\.ts|start-agent\\.ts|settings[a-z-]*\\.ts)',
      },
    },
    {
      name: 'command-line-and-console-speak-by-operations',
      severity: 'error',
      comment: 'They ask the core as anybody would: by its typed operations.',
      from: { path: '^agent/(cli|admin)/' },
      to: {
        path: '^agent/core/',
        pathNot:
          '^agent/core/(operations|reading-operations|activation/master-view|children/parent-answer|seats/product-use|licenses/license-(note|standing)|sessions/rate-limit|host/host-[a-z]+|rules/(parse|explain)-rules|rules/rules-help|usage/usage-report)\\.ts$',
      },
    },
    {
      name: 'page-runs-in-a-browser',
      severity: 'error',
      comment: 'It shares words, types and the rules’ checker with the agent, and no edge.',
      from: { path: '^agent/console/' },
      to: {
        pathNot: [
          '^agent/(console|core)/',
          '^protocol/(?!node/|client/)',
          '(^|/)node_modules/(preact|uqr)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-else-is-the-page',
      severity: 'error',
      from: { pathNot: '^agent/console/' },
      to: { path: '^agent/console/' },
    },
    {
      name: 'what-ships-knows-no-tests',
      severity: 'error',
      from: { path: '^(agent|protocol)/' },
      to: { path: '^(scripts|test)/' },
    },
    {
      name: 'what-ships-needs-no-development-tools',
      severity: 'error',
      from: { path: '^(agent|protocol)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('(^|/)node_modules/msgpackr', '^protocol/msgpack\\.ts$', 'It scans before it unpacks.'),
    only('(^|/)node_modules/level', '^agent/edges/level-database\\.ts$', 'The store has one door.'),
    only('^(node:)?dgram$', '^protocol/node/udp-socket\\.ts$', 'The network has one door.'),
    only('(^|/)node_modules/koffi', '^agent/edges/', 'Foreign calls are an edge.'),
    only('(^|/)node_modules/tweetnacl', '^protocol/', 'Cryptography stays where it is specified.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
