import { mkdir } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { INodeExecutionData } from 'n8n-workflow';

import type { EngineRun } from '../engine/index.mts';

/** Writes an item's image into a directory. @returns the path of the file */
export async function savePicture(
	run: EngineRun,
	item: INodeExecutionData,
	directory: string,
): Promise<string> {
	const fileName = path.basename(item.binary?.['data']?.fileName ?? 'image');
	const target = path.resolve(directory, fileName);
	await mkdir(directory, { recursive: true });
	await pipeline(await run.binaryStream(item, 'data'), createWriteStream(target));
	return target;
}
