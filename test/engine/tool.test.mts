import type { INodeParameters, StructuredChunk } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { chat, image, openAiChat, openAiImage } from './parameters.mts';
import type { Tool } from './toolNodes.mts';
import { useToolBench } from './useToolBench.mts';

const PROMPT = "={{ $fromAI('prompt', 'What to ask or draw', 'string') }}";
const SIGNED = /^http:\/\/n8n\.invalid\/rest\/binary-data\/signed\?token=\S+$/;

describe.each([
	['Ai-Chats', chat],
	['an OpenAI-compatible server', openAiChat],
])('Chat with %s as a tool', (_, ask) => {
	const { answersTo } = useToolBench();

	it('answers a prompt of the agent with the text and nothing else', async () => {
		const answers = await answersTo(ask(PROMPT), { prompt: 'a red kite' });
		expect(answers).toEqual([{ text: expect.stringContaining('A picture of a red kite') }]);
	});

	it('answers with the checked object where JSON is wanted', async () => {
		const value = JSON.stringify('{"answer": "kite"}');
		const parameters = ask(PROMPT, { responseFormat: 'object' });
		const answers = await answersTo(parameters, { prompt: `kite [[text value=${value}]]` });
		expect(answers).toEqual([{ output: { answer: 'kite' } }]);
	});

	it('answers no differently where the item should be kept, which the agent knows', async () => {
		const more = { includeOtherFields: true, options: { answerField: 'ai', spreadJson: true } };
		const answers = await answersTo(ask(PROMPT, more), { prompt: 'kite', other: 1 });
		expect(answers).toEqual([{ text: expect.stringContaining('A picture of kite') }]);
	});

	it('tells everything where Simplify is off', async () => {
		const [answer] = await answersTo(ask(PROMPT, { simplify: false }), { prompt: 'kite' });
		expect(Object.keys(answer!)).toEqual(
			expect.arrayContaining(['text', 'model', 'finishReason', 'fragments', 'retries']),
		);
	});

	it('sends nothing into the stream of the agent', async () => {
		const chunks: StructuredChunk[] = [];
		const onChunk = (chunk: StructuredChunk) => void chunks.push(chunk);
		const answers = await answersTo(ask(PROMPT), { prompt: 'kite' }, { onChunk });
		expect(answers).toHaveLength(1);
		expect(chunks).toEqual([]);
	});

	// n8n hands only the message on.
	const failure =
		/^The service answered with status 400\. .+ The service said: The request was not understood\./;

	it('tells the agent what went wrong where the node goes on', async () => {
		const onError = 'continueRegularOutput';
		const values = { prompt: 'kite [[status code=400]]' };
		const answers = await answersTo(ask(PROMPT), values, { onError });
		expect(answers).toEqual([{ error: expect.stringMatching(failure) }]);
	});

	it('throws it otherwise', async () => {
		const answers = answersTo(ask(PROMPT), { prompt: 'kite [[status code=400]]' });
		await expect(answers).rejects.toThrow(failure);
	});
});

describe('Chat as a tool', () => {
	const { answersTo, service } = useToolBench();

	it('says when the answer was cut off', async () => {
		const parameters = openAiChat(PROMPT, { options: { maxTokens: 3 } });
		const answers = await answersTo(parameters, { prompt: 'a red kite' });
		expect(answers).toEqual([{ text: 'A picture of', finishReason: 'length' }]);
	});

	it('takes whichever parameters the agent may fill', async () => {
		const parameters = openAiChat(PROMPT, {
			systemMessage: "={{ $fromAI('role', 'Who answers', 'string') }}",
			options: { temperature: "={{ $fromAI('temperature', 'How freely', 'number') }}" },
		});
		await answersTo(parameters, { prompt: 'kite', role: 'A sailor', temperature: 0.25 });
		expect(service().requests[0]?.body).toMatchObject({
			temperature: 0.25,
			messages: [{ content: 'A sailor' }, { content: 'kite' }],
		});
	});
});

describe.each([
	['Ai-Chats', image],
	['an OpenAI-compatible server', openAiImage],
])('Image with %s as a tool', (_, draw) => {
	const { answersTo } = useToolBench();

	it('hands the agent a signed URL of the file', async () => {
		const answers = await answersTo(draw(PROMPT), { prompt: 'a red kite' });
		const { length } = await drawn('a red kite');
		expect(answers).toEqual([
			{
				fileName: expect.stringMatching(/\.png$/),
				mimeType: 'image/png',
				bytes: length,
				width: 48,
				height: 32,
				url: expect.stringMatching(SIGNED),
			},
		]);
	});
});

describe('Image as a tool', () => {
	const { answersTo, service } = useToolBench();

	it.each(['url', 'both'])("hands on the service's own link for the output '%s'", async (kind) => {
		const parameters = image(PROMPT, { imageOutput: kind });
		const [answer] = await answersTo(parameters, { prompt: 'kite' });
		expect(answer?.['url']).toMatch(new RegExp(`^${service().imagesUrl}/image/`));
	});

	it('hands on a signed URL where the service has no link', async () => {
		const parameters = openAiImage(PROMPT, { imageOutput: 'both' });
		const [answer] = await answersTo(parameters, { prompt: 'kite' });
		expect(answer?.['url']).toMatch(SIGNED);
	});
});

describe('Image as a tool where n8n keeps files in the execution', () => {
	const { answersTo, service } = useToolBench({ binaryDataMode: 'default' });

	it("hands on the service's own link", async () => {
		const [answer] = await answersTo(image(PROMPT), { prompt: 'kite' });
		expect(answer?.['url']).toMatch(new RegExp(`^${service().imagesUrl}/image/`));
	});

	it('has none to hand on where the service has no link either', async () => {
		const [answer] = await answersTo(openAiImage(PROMPT), { prompt: 'kite' });
		expect(answer).toMatchObject({ mimeType: 'image/png', url: null });
	});
});

describe('What a model reads of the tool', () => {
	const { withTool } = useToolBench();

	async function toolOf(parameters: INodeParameters): Promise<Tool> {
		let found: Tool | undefined;
		await withTool(parameters, async (tool) => {
			found = tool;
			return '';
		});
		return found as Tool;
	}

	it.each([
		['chat', chat, /language model/i],
		['image', image, /image/i],
	])('says for %s what it does, what it needs and what it gives back', async (__, of, words) => {
		const { description } = await toolOf(of(PROMPT));
		expect(description).toMatch(words);
		expect(description).toMatch(/prompt/i);
		expect(description).toMatch(/returns/i);
	});

	it('is what the user wrote instead, if anything', async () => {
		const tool = await toolOf(chat(PROMPT, { toolDescription: 'Asks the weather model' }));
		expect(tool.description).toBe('Asks the weather model');
	});

	it('has the fields that were left to it', async () => {
		const { schema } = await toolOf(chat(PROMPT));
		expect(schema.parse({ prompt: 'kite' })).toEqual({ prompt: 'kite' });
		expect(() => schema.parse({})).toThrow();
	});
});
