import type { Bench } from '../lab/Bench.mts';
import { runWorkflow } from '../lab/runWorkflow.mts';
import { aiChats } from '../workflows/aiChats.mts';
import type { Recipe } from '../workflows/node.mts';
import { afterPdf, nothing, openAiNodeWithFile } from '../workflows/rivals.mts';
import type { Contestant, Row, Scale } from './row.mts';

const MEGABYTES = 50;
const OURS = 'AiChats, OpenAI-Compatible';
const OPENAI = 'n8n OpenAI node';
const ALONE = 'n8n alone';

/** How much memory a large file takes on its way into a request. */
export const pdfRow: Row = {
	name: 'pdf',
	title: `A PDF of ${MEGABYTES} MB with a question about it`,
	about:
		'The file lies in n8n’s storage of files, and goes to the service as base64 within the request, whole. *n8n alone* stores the file and does no more, which the others do before they ask; their time is without it. Memory is by how much the resident memory of the n8n process rises at its peak, as with the images. Each measurement has a fresh n8n (with `--quick` all have the same) that was warmed up with a PDF of 1 MB.',
	quantities: ['memory', 'wall'],
	charted: 'memory',
	reference: OPENAI,
	rounds: (scale) => (scale === 'full' ? 5 : 2),
	contestants: (_bench, scale) => [
		contestant(OURS, asked(), scale),
		contestant(OPENAI, openAiNodeWithFile(), scale),
		contestant(ALONE, nothing(), scale),
	],
	limits: () => [
		{
			what: `${OURS}: memory ÷ that of ${OPENAI}`,
			value: (results) => results.ratio(OURS, OPENAI, 'memory').median,
			atMost: 0.5,
		},
		{
			what: `${OURS}: time ÷ that of ${OPENAI}`,
			value: (results) => results.ratio(OURS, OPENAI, 'wall').median,
			atMost: 1,
		},
	],
};

function asked(): Recipe {
	return aiChats({
		provider: 'openAiCompatible',
		more: { prompt: 'What is this?', options: { imageFields: 'data' } },
	});
}

function contestant(name: string, recipe: Recipe, scale: Scale): Contestant {
	return {
		name,
		async measure(bench: Bench) {
			const n8n = scale === 'full' ? await bench.takeSpare() : await bench.n8n();
			const run = async (megabytes: number) => {
				const whole = { says: ` of ${megabytes * 1024 * 1024} bytes` };
				return await runWorkflow(bench, n8n, {
					name: `${name}, PDF`,
					recipe: afterPdf(recipe),
					items: [megabytes],
					...(name === ALONE ? {} : whole),
				});
			};
			await run(1);
			const figures = await run(MEGABYTES);
			if (scale === 'full') await bench.discard(n8n);
			return figures;
		},
	};
}
