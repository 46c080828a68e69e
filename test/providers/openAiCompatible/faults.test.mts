import { expect, it } from 'vitest';

import { saying } from '../aiChats/ask.mts';
import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn } from '../outcome.mts';
import { readUntilHeld } from '../readUntilHeld.mts';
import { untilClosedByClient, untilReceived } from '../untilSeen.mts';
import { ACCESS, chat, openAi } from './ask.mts';

const PARTS = ['One', ' two', ' three', ' four'];
const PLAIN = { extraBody: { stream: false, stream_options: undefined } };

const STATUSES = [400, 401, 403, 404, 408, 429, 500, 502, 503, 504].flatMap((status) =>
	['json', 'html', 'text', 'azure'].map((body) => ({ status, body })),
);

const WHOLE = [
	{ fault: 'captcha', kind: 'blocked' },
	{ fault: 'checking', kind: 'blocked' },
	{ fault: 'reset', kind: 'network' },
	{ fault: 'empty', kind: 'truncated' },
	{ fault: 'empty-stream', kind: 'truncated' },
	{ fault: 'error-200', kind: 'http' },
	{ fault: 'array-error', kind: 'http' },
	{ fault: 'no-choices', kind: 'protocol' },
	{ fault: 'empty-choices', kind: 'protocol' },
	{ fault: 'refusal', kind: 'refused' },
	{ fault: 'redirect to=loop', kind: 'protocol' },
	{ fault: 'redirect to=file', kind: 'refused' },
];

const BROKEN = [
	{ fault: 'cut after=2', kind: 'truncated' },
	{ fault: 'reset-after fragments=2', kind: 'truncated' },
	{ fault: 'error-in-stream after=2', kind: 'http' },
	{ fault: 'bad-chunk after=2', kind: 'protocol' },
];

describeThroughBoth('OpenAI-compatible faults', { access: ACCESS }, (reach) => {
	it.each(STATUSES)('$status with $body', async ({ status, body }) => {
		const outcome = await chat(reach, `[[status code=${status} body=${body}]] hello`);
		const { kind, retryable, details } = failureIn(outcome);
		expect({ kind, status: details.status }).toEqual({ kind: 'http', status });
		expect(details.serviceMessage).toMatch(body === 'html' ? /^\d{3}$/ : /\w+ \w+.*\.$/);
		expect(retryable).toBe([408, 429, 500, 502, 503, 504].includes(status));
	});

	it.each(WHOLE)('$fault is $kind, and nothing passes for text', async ({ fault, kind }) => {
		const text = fault.endsWith('choices') ? 'Hello' : 'Hello you';
		const outcome = await chat(reach, saying(text, fault));
		expect(failureIn(outcome).kind).toBe(kind);
		expect(outcome.texts).toEqual([]);
		expect(failureIn(outcome).details.partialText).toBeUndefined();
	});

	it.each(BROKEN)('$fault is $kind and keeps what came', async ({ fault, kind }) => {
		const content = saying(PARTS.join(''), fault);
		const outcome = await readUntilHeld(reach, 2, (transport) =>
			openAi(reach, transport).createAsyncGenerator('m', [{ role: 'user', content }]),
		);
		const { kind: found, retryable, details } = failureIn(outcome);
		expect({ found, retryable, partialText: details.partialText }).toEqual({
			found: kind,
			retryable: false,
			partialText: 'One two',
		});
	});

	it('a clean close without finish_reason and [DONE] is truncated', async () => {
		const { kind, details } = failureIn(await chat(reach, saying(PARTS.join(''), 'no-finish')));
		expect({ kind, text: details.partialText }).toEqual({
			kind: 'truncated',
			text: PARTS.join(''),
		});
	});

	it.each(['cut', 'reset-after', 'broken-json'])('%s of a plain answer', async (fault) => {
		const outcome = await chat(reach, saying('Hello you', fault), PLAIN);
		expect(['network', 'truncated', 'protocol']).toContain(failureIn(outcome).kind);
		expect(outcome.texts).toEqual([]);
	});

	it('a wrong key is reported without the key', async () => {
		const outcome = await chat(reach, '[[status code=401]] hello');
		expect(failureIn(outcome).details.serviceMessage).toBe('The credentials are not valid.');
	});

	it('a stalled answer ends when it is aborted', async () => {
		const controller = new AbortController();
		const prompt = saying('One two', 'stall-after fragments=1');
		const answer = chat(reach, prompt, { signal: controller.signal });
		await untilReceived(reach);
		controller.abort();
		expect(failureIn(await answer).kind).toBe('aborted');
		await untilClosedByClient(reach);
	});

	it('the first fragment leaves before the second is sent, and leaving closes', async () => {
		reach.service.holdAfter(1);
		await reach.use(async (transport) => {
			const messages = [{ role: 'user' as const, content: saying('One two') }];
			for await (const chunk of openAi(reach, transport).createAsyncGenerator('m', messages)) {
				if (chunk.type === 'text') break;
			}
			expect(reach.service.requests.at(-1)?.fragmentsSent).toBe(1);
			await untilClosedByClient(reach);
		});
	});
});
