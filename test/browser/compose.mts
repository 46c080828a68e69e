import { expect } from 'vitest';

import { chatNode, imageNode } from '../n8n/aiWorkflows.mts';
import { chain, editFields, manualTrigger, splitOut, workflow } from '../n8n/workflows.mts';
import type { Editor } from './pages/Editor.mts';

/** Adds an AiChats node to a new workflow, as its action. Its parameters are open then. */
export async function addToNewWorkflow(editor: Editor, action: string): Promise<void> {
	await editor.canvas.openNew();
	await editor.canvas.openNodeCreator();
	await editor.nodeCreator.search('AiChats');
	await editor.nodeCreator.openNode('AiChats');
	await editor.nodeCreator.addAction(action);
}

/** Executes the open node with a prompt, and waits until it has succeeded. */
export async function execute(editor: Editor, prompt: string): Promise<void> {
	await editor.node.fill('prompt', prompt);
	await editor.node.execute();
	await editor.output.succeeded();
}

/** Executes the open Chat with a prompt, and waits until the stand-in's answer is shown. */
export async function chat(editor: Editor, prompt: string): Promise<void> {
	await execute(editor, prompt);
	await expect.poll(() => editor.output.text()).toContain(`A picture of ${prompt}`);
}

const SUBJECTS = ['lighthouse', 'red kite', 'mountain lake', 'tin boat', 'windmill'];
/** Ten items, of which each is described and drawn. */
export const tenScenes = workflow(
	'Ten scenes',
	...chain(
		manualTrigger(),
		editFields('Scenes', {
			items: ['at dusk', 'at dawn'].flatMap((time) =>
				SUBJECTS.map((it) => ({ scene: `a ${it} ${time}` })),
			),
		}),
		splitOut('One item per scene'),
		chatNode('Describe it', '={{ $json.scene }}', { provider: 'aiChats' }),
		imageNode('Draw it', '={{ $json.text }}', { provider: 'aiChats' }),
	),
);
