import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Reply } from '../../../providers/collectReply';
import type { ItemRun } from '../run/ItemRun';
import type { StoredPicture } from './PictureStore';

/** The output items of one input item: one for each picture. An agent reads only of the pictures. */
export function imageItems(
	run: ItemRun,
	pictures: readonly StoredPicture[],
	details: IDataObject,
	{ revisedPrompts, usage }: Reply,
): INodeExecutionData[] {
	return pictures.map(({ json, binary }, index) => ({
		json: run.isTool
			? json
			: {
					...details,
					...json,
					...told('revisedPrompt', revisedPrompts[index]),
					...told('usage', usage),
				},
		...(binary === undefined ? {} : { binary }),
		pairedItem: { item: run.itemIndex },
	}));
}

function told(name: string, value: unknown): IDataObject {
	return value === undefined ? {} : { [name]: value as IDataObject };
}
