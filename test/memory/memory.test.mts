import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ImageRun } from './imageRun.mts';
import { measureRun, startServiceProcess } from './processes.mts';

const MEGABYTE = 1024 * 1024;

const LINK = { name: 'an image behind a link', provider: 'aiChats', size: 50, limit: 25 };
const BASE64 = { name: 'an image in base64', provider: 'openAiCompatible', size: 20, limit: 70 };
const CASES = [LINK, BASE64];
/** By how much two runs of the same differ, in MB. */
const SPREAD = 15;

/** A node that draws an image of so many MB. */
function drawing(provider: string, megabytes: number): INodeParameters {
	const prompt = `a kite [[size width=64 height=64]][[bytes total=${megabytes * MEGABYTE}]]`;
	const model = { mode: 'id', value: provider === 'aiChats' ? 'dalle' : 'gpt-image-1' };
	return { operation: 'image', provider, prompt, model };
}

describe('Memory of the Image operation', () => {
	let service: Awaited<ReturnType<typeof startServiceProcess>>;

	beforeAll(async () => {
		service = await startServiceProcess();
	});
	afterAll(async () => await service.close());

	/** How much the memory rises in MB; told, and checked to be of a run that read every byte. */
	async function riseOf(
		{ name, provider, size }: (typeof CASES)[number],
		mode: 'collecting' | 'as it is',
		script: 'imageRun.mts' | 'bareRun.mts' = 'imageRun.mts',
	) {
		const [warmUp, measured] = [drawing(provider, 1), drawing(provider, size)];
		const run = await measureRun<ImageRun>(script, service.url, warmUp, measured, mode);
		expect(run.fileBytes).toBe(size * MEGABYTE);
		const rise = (run.peak - run.before) / MEGABYTE;
		const before = (run.before / MEGABYTE).toFixed(0);
		const what = `${script}: ${name} of ${size} MB, ${mode}`;
		console.log(`${what}: +${rise.toFixed(1)} MB (from ${before} MB)`);
		return rise;
	}

	// What is held of an image at any time. An image held whole would show in full.
	it.each(CASES)('$name of $size MB: less than $limit MB are held', async (sizes) => {
		expect(await riseOf(sizes, 'collecting')).toBeLessThan(sizes.limit);
	});

	it('an image in base64 of 20 MB raises the peak by less than 70 MB, garbage included', async () => {
		expect(await riseOf(BASE64, 'as it is')).toBeLessThan(BASE64.limit);
	});

	// V8 lets about 64 MB of network buffers pile up before it collects for the first time, so with
	// garbage Node's own client rises by more than 25 MB, throwing every chunk away.
	it("an image behind a link of 50 MB raises the peak by no more than Node's client does", async () => {
		const bare: number[] = [];
		// Three, as now and then V8 collects sooner.
		for (let round = 0; round < 3; round++) {
			bare.push(await riseOf(LINK, 'as it is', 'bareRun.mts'));
		}
		expect(await riseOf(LINK, 'as it is')).toBeLessThan(Math.max(...bare) + SPREAD);
	});
});
