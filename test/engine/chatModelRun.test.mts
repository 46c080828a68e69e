import { describe, expect, it } from 'vitest';

import {
	type Answer,
	type Ask,
	completion,
	delta,
	streamed,
	textOf,
	TOOL,
	WAYS,
	useModel,
} from './useModel.mts';

const seen: Answer = () => completion({ content: 'A red kite.' });

describe("n8n's log of the model", () => {
	const { execute } = useModel();
	const usage = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5, cost: 0.125 };
	const answer: Answer = ({ stream }) =>
		stream === false
			? completion({ content: 'Hello there' }, 'stop', { usage })
			: [delta({ content: 'Hello ' }), delta({ content: 'there' }, 'stop', { usage })];

	it.each(WAYS)('has the exact token counts of an answer that was %s', async (_way, askFor) => {
		const question: Ask = async (model) => textOf(await askFor(model, 'Hi'));
		const { run } = await execute(question, answer);
		const [task] = run.data.resultData.runData['Model'] ?? [];
		const logged = task?.data?.['ai_languageModel']?.[0]?.[0]?.json;
		expect(logged?.['tokenUsage']).toMatchObject({
			promptTokens: 2,
			completionTokens: 3,
			totalTokens: 5,
		});
		expect(logged).not.toHaveProperty('tokenUsageEstimate');
	});

	it('has them also of a model with tools', async () => {
		const question: Ask = async (model) => textOf(await streamed(model.bindTools([TOOL]), 'Hi'));
		const { run } = await execute(question, answer);
		const [task] = run.data.resultData.runData['Model'] ?? [];
		const logged = task?.data?.['ai_languageModel']?.[0]?.[0]?.json;
		expect(logged?.['tokenUsage']).toMatchObject({ promptTokens: 2, completionTokens: 3 });
	});
});

describe('A credential with an expression', () => {
	const { asked, execute } = useModel({ apiKey: '={{ $json.key }}' });

	it('is resolved for the item that the model is supplied for', async () => {
		const input = ['alice', 'bob'].map((key) => ({ json: { key } }));
		const question: Ask = async (model, supply) => {
			await model.invoke('Hi');
			await (await supply(1)).invoke('Hi');
			await streamed(await supply(1), 'Hi');
			return '';
		};
		await execute(question, () => completion({ content: 'Hello' }), {}, input);
		const keys = asked.map(({ authorization }) => authorization);
		expect(keys).toEqual(['Bearer alice', 'Bearer bob', 'Bearer bob']);
	});
});

describe('The field Model', () => {
	const { asked, run } = useModel();

	it.each([' m-1 ', '={{ " m-1 " }}'])('is trimmed: %j', async (value) => {
		const model = { __rl: true, mode: 'id', value };
		await run(async (supplied) => textOf(await supplied.invoke('Hi')), seen, { model });
		expect(asked.map(({ model: sent }) => sent)).toEqual(['m-1']);
	});

	it.each(['={{ null }}', '={{ undefined }}', '   '])(
		'without a name asks for none: %j',
		async (value) => {
			const model = { __rl: true, mode: 'id', value };
			const answer = run(async (supplied) => textOf(await supplied.invoke('Hi')), seen, { model });
			await expect(answer).rejects.toThrow(/model/i);
			expect(asked.filter(({ messages }) => messages !== undefined)).toEqual([]);
		},
	);
});
