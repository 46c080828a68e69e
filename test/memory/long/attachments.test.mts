import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ChatRun, Files } from '../chatRun.mts';
import { measureRun, startServiceProcess } from '../processes.mts';

const MEGABYTE = 1024 * 1024;

const PDF = {
	name: 'a PDF of 50 MB',
	files: { count: 1, size: 50 * MEGABYTE, signature: '%PDF-1.7\n' },
};
const IMAGES = {
	name: '20 images of 5 MB in one run',
	files: { count: 20, size: 5 * MEGABYTE, signature: '\x89PNG\r\n\x1a\n' },
};
/** Far less than the files, and than their Base64 of 67 MB and 133 MB. In MB. */
const HELD = 25;

describe('Memory of the Chat operation with files attached', () => {
	let service: Awaited<ReturnType<typeof startServiceProcess>>;

	beforeAll(async () => {
		service = await startServiceProcess();
	});
	afterAll(async () => await service.close());

	/** How much the memory rises in MB; told, and checked to be of a run in which every byte arrived. */
	async function riseOf(
		{ name, files }: { name: string; files: Files },
		storage: 'filesystem' | 'default',
		mode: 'collecting' | 'as it is' = 'as it is',
	) {
		const run = await measureRun<ChatRun>('chatRun.mts', service.url, files, storage, mode);
		expect(run.arrived).toBe(files.count);
		const rise = (run.peak - run.before) / MEGABYTE;
		console.log(`${name}, storage ${storage}, ${mode}: +${rise.toFixed(1)} MB`);
		return rise;
	}

	it.each([PDF, IMAGES])('$name, kept on disk: never held', async (sent) => {
		expect(await riseOf(sent, 'filesystem', 'collecting')).toBeLessThan(HELD);
	});

	it.each([PDF, IMAGES])('$name: at most 2.5 times the size, garbage included', async (sent) => {
		const size = (sent.files.count * sent.files.size) / MEGABYTE;
		for (const storage of ['filesystem', 'default'] as const) {
			expect(await riseOf(sent, storage)).toBeLessThan(2.5 * size);
		}
	});
});
