import { type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import { collectReply } from '../../../providers/collectReply';
import { readImageOptions } from '../input/readImageOptions';
import { readModel } from '../input/readModel';
import { readPrompt } from '../input/readPrompt';
import type { ItemRun } from '../run/ItemRun';
import { imageItems } from '../output/imageItems';
import { readImageOutput } from '../output/imageOutput';
import { PictureStore } from '../output/PictureStore';

export { description } from './image.properties';

/** A prompt in, one item for each picture out. */
export async function execute(run: ItemRun): Promise<INodeExecutionData[]> {
	const prompt = readPrompt(run);
	const model = readModel(run, 'image');
	const options = await readImageOptions(run);
	const store = new PictureStore(run, await run.provider(), readImageOutput(run, prompt));

	const provider = await run.provider();
	const messages = [{ role: 'user' as const, content: prompt }];
	const chunks = provider.createAsyncGenerator(model, messages, options);
	const reply = await collectReply(chunks, {
		onImage: async (image) => await store.take(image),
	});
	if (store.pictures.length === 0) throw saidInstead(run, model);

	return imageItems(run, store.pictures, { prompt, model: provider.getModel(model) }, reply);
}

function saidInstead(run: ItemRun, model: string): NodeOperationError {
	return new NodeOperationError(run.context.getNode(), `The model '${model}' sent no picture`, {
		itemIndex: run.itemIndex,
		description: "Choose a model that draws, or set 'Operation' to Chat.",
	});
}
