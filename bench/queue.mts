import { Command } from 'commander';

import { writeFigures } from './queue/document.mts';
import { measureQueueMode } from './queue/measure.mts';
import { measuredText } from './queue/measuredText.mts';
import { projectedText } from './queue/projectedText.mts';

const command = new Command('npx tsx bench/queue.mts')
	.description(
		'Measures n8n in queue mode, with a real Redis and PostgreSQL: some ten minutes. Rewrites the figures of docs/scaling.md.',
	)
	.option('--rounds <count>', 'how often each throughput is measured', '3')
	.option('--json', 'print the figures as JSON, and rewrite nothing')
	.parse();
const { rounds, json } = command.opts<{ rounds: string; json?: boolean }>();

const figures = await measureQueueMode({
	rounds: Number(rounds),
	say: (line) => console.error(line),
});
if (json) console.log(JSON.stringify(figures, undefined, '\t'));
else {
	await writeFigures(figures);
	console.log(`${measuredText(figures)}\n\n${projectedText(figures)}`);
}
