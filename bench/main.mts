import { Command, Option } from 'commander';

import { compare, type CompareOptions } from './compare.mts';
import { ROWS } from './rows/index.mts';

const names = ROWS.map(({ name }) => name);
const command = new Command('npm run bench --')
	.description(
		'Compares AiChats with other nodes in a real n8n, which is installed on first use. A full run rewrites docs/performance.md.',
	)
	.option('--quick', 'two rounds of few items: a first look, under three minutes')
	.addOption(new Option('--only <row...>', 'these comparisons only').choices(names))
	.option('--json', 'print every round as JSON')
	.parse();

process.exitCode = await compare(command.opts<CompareOptions>());
