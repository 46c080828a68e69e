import { NodeOperationError } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { NODE as NO_NODE } from '../support/strictContext.mts';
import { model } from './parameters.mts';
import { NODE } from './support.mts';
import { openAiModel, useConnectedModel } from './useConnectedModel.mts';

const CONTINUE = { onError: 'continueRegularOutput' } as const;
const WATCHED = { ...CONTINUE, onChunk: () => undefined };

/** The AiChats Chat Model, without retries. */
function ours(id = 'gpt-4o-mini') {
	const options = { maxRetries: 0 };
	return { ours: true, model: { provider: 'openAiCompatible', ...model(id), options } };
}

const MODELS = [
	["LangChain's client for OpenAI", {}],
	['the AiChats Chat Model', ours()],
] as const;

describe.each(MODELS)('An answer of %s as a connected model', (_, connected) => {
	const { bench, modelNode, run } = useConnectedModel();
	beforeEach(() => void (modelNode.supply = () => openAiModel(`${bench().service.url}/v1`)));

	const failed = async (fault: string, more: object) => {
		const prompt = `[[text value="one two three four"]] [[${fault}]]`;
		const [item] = (await run({ prompt }, undefined, { ...connected, ...more })).items(NODE);
		return item?.json;
	};

	it.each([
		['is reset, streamed', 'reset-after fragments=3', WATCHED],
		['is cut, streamed', 'cut after=3', WATCHED],
		['is cut before its first word, streamed', 'cut after=0', WATCHED],
		['is cut', 'cut after=3', CONTINUE],
	])('that %s is truncated', async (_name, fault, more) => {
		expect(await failed(fault, more)).toMatchObject({
			error: 'The answer broke off',
			errorDetails: {
				kind: 'truncated',
				description: expect.stringContaining('run the node again'),
			},
		});
	});

	it('that holds an error of the service is told in its words, with the text before it', async () => {
		expect(await failed('error-in-stream after=3', WATCHED)).toMatchObject({
			error: 'The service reports an error',
			errorDetails: {
				kind: 'http',
				partialText: 'one two three',
				description: expect.stringContaining('The server had an error while processing'),
			},
		});
	});

	it.each([
		['streamed', WATCHED],
		['whole', CONTINUE],
	])('that never began, %s, is a network error', async (_name, more) => {
		const json = await failed('reset', more);
		expect(json).toMatchObject({
			error: 'The service could not be reached',
			errorDetails: { kind: 'network', code: 'ECONNRESET', partialText: null },
		});
	});
});

describe('A stream of a connected model that fails after its first words', () => {
	const { modelNode, run } = useConnectedModel();
	const advised = new NodeOperationError(NO_NODE, 'The tool is broken', {
		description: 'Open the tool and mend its field.',
	});

	it.each([
		['with the advice of a node', advised],
		['with nothing that tells why', new Error('socket hang up')],
		['by a mistake of its client', new TypeError('x is undefined')],
	])('%s is truncated, with what the client says', async (_name, error) => {
		modelNode.supply = () => ({
			invoke: async () => undefined,
			stream: async () =>
				(async function* () {
					yield { content: 'one two' };
					throw error;
				})(),
		});
		const [item] = (await run({ prompt: 'x' }, undefined, WATCHED)).items(NODE);
		expect(item?.json).toMatchObject({
			error: 'The answer broke off',
			errorDetails: {
				kind: 'truncated',
				partialText: 'one two',
				description: expect.stringContaining(
					(error as NodeOperationError).description ?? error.message,
				),
			},
		});
	});
});

describe('A failure of the AiChats Chat Model as a connected model', () => {
	const { bench, run } = useConnectedModel();
	const items = Array.from({ length: 20 }, (_, id) => ({ json: { id } }));

	it.each([
		['status code=402', { kind: 'quota', status: 402 }, 'Top up the account'],
		['captcha', { kind: 'blocked' }, 'Solve the captcha'],
		['status code=400 body=context', { kind: 'http', status: 400 }, 'too long for the model'],
		['no-choices', { kind: 'protocol' }, 'base URL'],
		['reset', { kind: 'network', code: 'ECONNRESET' }, 'Address: http://127.0.0.1'],
	])('by %s keeps its kind, and what to do is said once', async (fault, details, words) => {
		const [item] = (
			await run({ prompt: `kite [[${fault}]]` }, undefined, { ...ours(), ...CONTINUE })
		).items(NODE);
		expect(item?.json['errorDetails']).toMatchObject(details);
		const { description } = item?.json['errorDetails'] as { description: string };
		expect(description).toContain(words);
		for (const part of ['Status: ', 'Code: ', 'The service said: '])
			expect(description.split(part).length).toBeLessThanOrEqual(2);
	});

	it.each([
		['a wrong key', '[[status code=401]]', undefined, 1],
		['a model that the server does not have', '', 'no-such-model', 10],
		['a server that is not reached', '[[reset]]', undefined, 10],
	])('by %s stops the run as without it', async (_name, fault, id, requests) => {
		const parameters = { prompt: `kite ${fault}`, options: { parallelRequests: 1 } };
		const finished = await run(parameters, items, { ...ours(id), ...CONTINUE });
		expect(bench().service.requests).toHaveLength(requests);
		const errors = finished.items(NODE).map(({ json }) => String(json['error']));
		expect(errors).toHaveLength(20);
		expect(errors.filter((error) => error.startsWith('Not sent: '))).toHaveLength(20 - requests);
	});
});
