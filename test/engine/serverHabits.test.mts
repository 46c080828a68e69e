import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { failureOf } from './failure.mts';
import { openAiChat } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';
import { startWebSite } from './webSite.mts';
import { runAt } from './runAt.mts';

const TEXT = '[[text value="up and away"]]';

/** What the server refuses; what is in the second request instead. */
const HABITS: Array<[string, INodeParameters, object]> = [
	['stream', {}, { stream: false }],
	['stream_options', {}, { stream: true }],
	['max_tokens', { maxTokens: 9 }, { max_completion_tokens: 9 }],
];

describe('Habits of servers', () => {
	const bench = useBench();

	it.each(HABITS)('one that refuses %s is asked in another way', async (field, options, second) => {
		const habit = `[[refuse-${field.replaceAll('_', '-')}]]`;
		const run = await bench().run(openAiChat(`kite ${TEXT} ${habit}`, { options }));
		expect(run.items(NODE)[0]?.json).toMatchObject({ text: 'up and away', finishReason: 'stop' });
		const [first, again, ...others] = bodies(bench());
		expect(others).toEqual([]);
		expect(first).toHaveProperty(field);
		expect(again).toMatchObject(second);
		if (field !== 'stream') expect(again).not.toHaveProperty(field);
	});

	it('one that refuses several things is asked until all are known', async () => {
		const habits = '[[refuse-stream]] [[refuse-stream-options]] [[refuse-max-tokens]]';
		const options = { maxTokens: 9 };
		const run = await bench().run(openAiChat(`kite ${TEXT} ${habits}`, { options }));
		expect(run.items(NODE)[0]?.json).toMatchObject({ text: 'up and away' });
		expect(bodies(bench()).at(-1)).toMatchObject({ stream: false, max_completion_tokens: 9 });
	});

	it('what the first item learnt, the others of a run know', async () => {
		const items = Array.from({ length: 5 }, () => ({ json: {} }));
		const options = { parallelRequests: 1 };
		const prompt = `kite ${TEXT} [[refuse-stream]]`;
		const run = await bench().run(openAiChat(prompt, { options }), items);
		expect(run.items(NODE)).toHaveLength(5);
		expect(bodies(bench()).map(({ stream }) => stream)).toEqual([true, ...Array(5).fill(false)]);
	});

	it('one that takes neither word for the token limit is told on', async () => {
		const habits = '[[refuse-max-completion-tokens]] [[refuse-max-tokens]]';
		const options = { maxTokens: 9 };
		const failure = await failureOf(bench(), openAiChat(`kite ${habits}`, { options }));
		expect(failure.details).toMatchObject({
			kind: 'http',
			status: 400,
			code: 'unsupported_parameter',
		});
		expect(failure.details.description).toMatch(
			/Change the field or option that the service names.*'max_(completion_)?tokens' is not supported/,
		);
	});

	it.each(['application/json', 'text/event-stream', 'text/plain'])(
		'one that answers with a document, called %s, though asked for a stream is understood',
		async (contentType) => {
			const message = { role: 'assistant', content: 'up and away' };
			const usage = { prompt_tokens: 4, completion_tokens: 3 };
			const completion = { model: 'tiny', choices: [{ message, finish_reason: 'stop' }], usage };
			const site = await startWebSite(contentType, JSON.stringify(completion));
			try {
				const run = await runAt(site.url, openAiChat('kite'));
				expect(run.items(NODE)[0]?.json).toEqual({
					text: 'up and away',
					model: 'tiny',
					finishReason: 'stop',
					usage: { promptTokens: 4, completionTokens: 3 },
				});
			} finally {
				await site.close();
			}
		},
	);
});
