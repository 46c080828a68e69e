import type { IDataObject } from 'n8n-workflow';
import { expect } from 'vitest';

import { type Example, withSettings } from '../../dev/examples.mts';
import type { Lab } from '../../dev/n8n/Lab.mts';
import type { Execution } from '../../dev/n8n/N8nClient.mts';
import type { MultipartPart } from '../../dev/service/index.mts';
import { drawn } from '../engine/drawnImage.mts';
import { nodeOf, withNode } from './publishedExamples.mts';
import { itemsOf } from './runs.mts';

type Run = (workflow: Example, trigger?: string) => Promise<Execution>;

const TRIGGER = 'Every night';
const POST = 'A post about herbs';
const DOWN = '[[status code=503 retry-after=0';

/** Runs the example while the first model of each kind is down, then while no model writes. */
export async function expectNightlyPost({ client }: Lab, original: Example, run: Run) {
	const topic = (directive: string) =>
		withSettings(original, { topics: JSON.stringify([`herbs ${directive}`]) });
	const prompt = `={{ $json.scene }} ${DOWN} model=gpt-image-2]]`;
	const example = withNode(topic(`${DOWN} model=gpt-6-luna]]`), 'Draw its image', {
		parameters: { prompt },
	});
	const execution = await run(example, TRIGGER);
	const [item, ...others] = itemsOf(execution, 'Draw its image');
	expect(others).toEqual([]);
	const error = expect.stringContaining('status 503') as string;
	expect(item?.json).toMatchObject({
		title: POST,
		text: POST,
		model: 'gpt-5.4-mini',
		fallbackFrom: [{ model: 'gpt-6-luna', error }],
		image: { model: 'gpt-image-2.5-flare', fallbackFrom: [{ model: 'gpt-image-2', error }] },
	});
	const bytes = await client.binary(item?.binary?.['data']?.id as string);
	expect(bytes.equals(await drawn(POST, { width: 1024, height: 1024 }))).toBe(true);
	expect(execution.data.resultData.runData['Report']).toBeUndefined();

	const failed = await run(topic(`${DOWN}]]`), TRIGGER);
	expect(failed.data.resultData.runData['Draw its image']).toBeUndefined();
	expect(itemsOf(failed, 'Report').map(({ json }) => json)).toEqual([
		{
			reason: 'The service answered with status 503',
			explanation: expect.stringMatching(/'gpt-5.4-mini'.*'gpt-6.1-terra'/) as string,
			title: '',
			text: '',
		},
	]);
}

/** Every scene has an image of its own, made with the image of the character beside the prompt. */
export async function expectSeries({ client, service }: Lab, example: Example, run: Run) {
	const execution = await run(example);
	const series = JSON.parse(String(nodeOf(example, 'Series').parameters['jsonOutput'])) as {
		scenes: string[];
	};
	const [character] = itemsOf(execution, 'Draw the character');
	const reference = await client.binary(character?.binary?.['data']?.id as string);
	const [first, ...edits] = service.requests.filter(({ path }) => path.startsWith('/v1/images/'));
	expect(first).toMatchObject({ path: '/v1/images/generations', body: { seed: 7 } });
	expect(edits.map(({ path }) => path)).toEqual(series.scenes.map(() => '/v1/images/edits'));
	for (const { body } of edits) {
		const [image, ...others] = (body as MultipartPart[]).filter(({ fileName }) => fileName);
		expect(others).toEqual([]);
		expect(image?.bytes.equals(reference)).toBe(true);
	}
	const items = itemsOf(execution, 'Draw the scene');
	expect(items.map(({ json }) => json['scene'])).toEqual(series.scenes);
	for (const { json, binary } of items) {
		const { prompt, bytes } = json as IDataObject & { prompt: string };
		expect(prompt).toContain(json['scene']);
		const note = `1 image of ${reference.length} bytes came in`;
		const file = await client.binary(binary?.['data']?.id as string);
		expect(file).toHaveLength(bytes as number);
		expect(file.equals(await drawn(prompt, { width: 1024, height: 1024, note }))).toBe(true);
	}
}
