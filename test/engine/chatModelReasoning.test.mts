import { describe, expect, it } from 'vitest';

import {
	type Answer,
	type Ask,
	completion,
	delta,
	streamed,
	textOf,
	useModel,
} from './useModel.mts';

const answer: Answer = ({ stream }) =>
	stream === false
		? completion({ reasoning_content: 'I see.', content: 'Hello there' })
		: [
				delta({ reasoning_content: 'I ' }),
				delta({ reasoning_content: 'see.' }),
				delta({ content: 'Hello ' }),
				delta({ content: 'there' }, 'stop'),
			];

describe('What the model of the sub-node thought', () => {
	const { run } = useModel();

	it("is where agents look for it, as of n8n's own models, when it streams", async () => {
		const question: Ask = async (model) => {
			const message = await streamed(model, 'Hi');
			return { thought: message.additional_kwargs, text: textOf(message) };
		};
		expect(await run(question, answer)).toEqual({
			thought: { reasoning_content: 'I see.' },
			text: 'Hello there',
		});
	});

	it('is no piece of the streamed answer', async () => {
		const question: Ask = async (model) => {
			const contents: unknown[] = [];
			for await (const { content } of await model.stream('Hi')) contents.push(content);
			return contents.filter((content) => content !== '').length;
		};
		expect(await run(question, answer)).toBe(2);
	});

	it('is in the same place of a whole answer, whose content is text', async () => {
		const question: Ask = async (model) => {
			const { content, additional_kwargs: thought } = await model.invoke('Hi');
			return { content, thought };
		};
		expect(await run(question, answer)).toEqual({
			content: 'Hello there',
			thought: { reasoning_content: 'I see.' },
		});
	});
});
