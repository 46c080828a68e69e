// Which folder may import from which (docs/architecture.md), and no cycles, for dependency-cruiser. Types count:
// a cycle of types makes two files one idea as much as a cycle of values does.

/** What each folder of shipped code may import: folders of ours, then packages. */
const ALLOWED = {
	providers: { folders: ['providers'], packages: ['node:crypto'] },
	transport: { folders: ['transport', 'providers'], packages: ['n8n-workflow', 'node:crypto'] },
	'nodes/shared': {
		folders: ['nodes/shared', 'credentials', 'transport', 'providers'],
		packages: ['n8n-workflow'],
	},
	'nodes/AiChats': {
		folders: ['nodes/AiChats', 'nodes/shared', 'transport', 'providers'],
		packages: ['n8n-workflow', 'node:crypto'],
	},
	'nodes/LmChatAiChats': {
		folders: ['nodes/LmChatAiChats', 'nodes/shared', 'transport', 'providers'],
		packages: ['n8n-workflow', '@n8n/ai-node-sdk'],
	},
	credentials: { folders: ['credentials', 'transport', 'providers'], packages: ['n8n-workflow'] },
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{ name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
		{
			name: 'no-orphan-folder',
			comment: 'Every folder of shipped code has a rule here.',
			severity: 'error',
			from: { pathNot: `^(${Object.keys(ALLOWED).join('|')})/` },
			to: {},
		},
		...Object.entries(ALLOWED).map(([folder, { folders, packages }]) => ({
			name: `imports-of-${folder}`,
			severity: 'error',
			from: { path: `^${folder}/` },
			to: {
				pathNot: [
					...folders.map((name) => `^${name}/`),
					...packages.map((name) => `(^|node_modules/)${name.replace('node:', '')}(/|$)`),
				],
			},
		})),
	],
	options: {
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '\\.test\\.mts$' },
	},
};
