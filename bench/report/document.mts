import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { format, resolveConfig } from 'prettier';

import type { RowOutcome } from '../outcome.mts';
import { chart } from './chart.mts';
import { limitsTable } from './limits.mts';
import { surroundings } from './surroundings.mts';
import { figuresTable } from './table.mts';

const DOCS = path.resolve(import.meta.dirname, '../../docs');
const FILE = path.join(DOCS, 'performance.md');
const CHARTS = path.join(DOCS, 'charts');

const INTRODUCTION = `# Performance

This page and its charts are written by \`npm run bench\`; change the bench, not the page. It compares AiChats with
what else n8n has for the same work, all in one run. The pinned n8n has the packed package; the stand-in service is a
process of its own on the same machine.

\`\`\`sh
npm ci
npm run bench                       # everything, half an hour; installs n8n on first use and rewrites this page
npm run bench -- --quick            # two rounds of few items, under three minutes; rewrites nothing
npm run bench -- --only per-item    # one comparison
npm run bench -- --json             # the rounds as JSON
\`\`\`
`;

const METHOD = `## How it is measured

- Each figure is the median of the rounds, with the smallest and the largest in brackets. Within a round every contestant
  runs once, in an order that is shuffled anew, and ratios are taken round by round: what slows the machine for a while
  slows both sides of a ratio.
- A webhook starts the execution, so nobody watches it. The time is n8n's own for the node (\`executionTime\` of its
  run data; of both nodes where it takes two), CPU is that of the n8n process and all it started, user and system,
  for the whole execution.
- Memory is how much the resident set of the n8n process rises at its peak, as the kernel counts it, after all
  garbage was collected. Garbage that V8 has not yet collected at the peak is in it.
- Requests in flight and connections are what the service saw.
- A run counts only when every item came out without an error, and every file whole.
- Rivals have the settings that n8n gives them. The OpenAI Chat Model is set to use chat completions, as the stand-in
  does not stream responses.
- n8n’s queue mode is measured by itself, with \`npx tsx bench/queue.mts\`.
- Ratios count; the milliseconds are those of this machine.
`;

/** Writes the page and its charts. */
export async function writeDocument(
	outcomes: readonly RowOutcome[],
	n8nVersion: string,
): Promise<void> {
	await rm(CHARTS, { recursive: true, force: true });
	await mkdir(CHARTS, { recursive: true });
	const sections = await Promise.all(outcomes.map(async (outcome) => await section(outcome)));
	const where = (await surroundings(n8nVersion)).map(([name, value]) => `- ${name}: ${value}`);
	const text = [INTRODUCTION, where.join('\n'), METHOD, ...sections].join('\n\n');
	const options = await resolveConfig(FILE);
	await writeFile(FILE, await format(text, { ...options, parser: 'markdown' }));
}

async function section(outcome: RowOutcome): Promise<string> {
	const { row } = outcome;
	const head = `## ${row.title}\n\n${row.about}`;
	if ('failure' in outcome) return `${head}\n\n**Not measured**: ${outcome.failure}`;
	const { results, verdicts } = outcome;
	await writeFile(path.join(CHARTS, `${row.name}.svg`), await chart(row, results));
	const image = `![${row.title}](charts/${row.name}.svg)`;
	const limits = verdicts.length === 0 ? [] : [limitsTable(verdicts)];
	return [head, image, figuresTable(row, results), ...limits].join('\n\n');
}
