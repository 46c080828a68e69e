import { describe, expect, it } from 'vitest';

import {
	aiAgent,
	chatModel,
	connectedChat,
	imageNode,
	openAiChatModel,
} from '../n8n/aiWorkflows.mts';
import { save } from '../n8n/runs.mts';
import { useLab } from '../n8n/useLab.mts';
import {
	chain,
	editFields,
	manualTrigger,
	splitOut,
	subNode,
	workflow,
} from '../n8n/workflows.mts';
import { addToNewWorkflow } from './compose.mts';
import type { Editor } from './pages/Editor.mts';
import { lookedAt } from './screenshots.mts';
import { useEditor } from './useEditor.mts';

describe('Chat models in the editor of n8n', { timeout: 300_000 }, () => {
	const lab = useLab('connectedModel');
	const openEditor = useEditor('connectedModel', lab);

	/** The numbers of the kites whose answers can be read in the output, from the top. */
	async function kites(editor: Editor): Promise<number[]> {
		const answers = (await editor.output.text()).matchAll(/A picture of kite (\d+):/g);
		return [...answers].map(([, index]) => Number(index));
	}

	it('asks for neither credential nor model where a chat model is connected', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, 'Chat with a model');
		await expect.poll(() => editor.node.labels()).toContain('Credential');
		await editor.node.choose('provider', 'Connected Chat Model');
		await expect
			.poll(() => editor.node.labels())
			.toEqual([
				'Provider',
				'Operation',
				'Prompt',
				'System Message',
				'Message History',
				'Response Format',
				'Simplify',
				'Include Other Input Fields',
				'Options',
				'Limits and Cost',
			]);
		// n8n's panel looks for inputs when it is opened; the canvas shows them at once.
		await editor.node.close();
		await editor.canvas.openNode('AiChats');
		await expect.poll(() => editor.node.inputs()).toEqual(['Chat Model *', 'Memory']);
	});

	it("runs 20 items through n8n's OpenAI Chat Model, in order", async () => {
		const items = Array.from({ length: 20 }, (_, index) => ({ subject: `kite ${index}` }));
		const chat = connectedChat('Chat', '={{ $json.subject }}');
		const nodes = [manualTrigger(), editFields('List', { items }), splitOut('Items'), chat];
		const model = subNode(openAiChatModel(), chat, 'ai_languageModel');
		const { id } = await save(lab(), workflow('Connected', ...chain(...nodes), model));
		lab().service.reset();
		const editor = await openEditor();
		await editor.canvas.open(id);
		await editor.canvas.execute('Chat');
		await editor.canvas.fit();
		await editor.screenshot(lookedAt('connected-model.png'));
		await editor.canvas.openNode('Chat');
		await expect.poll(() => editor.output.text()).toContain('20 items');
		await expect.poll(() => kites(editor)).toEqual(items.map((_, index) => index));
		await expect.poll(() => lab().service.statistics().requests).toBe(20);
		expect(lab().service.statistics().mostInFlight).toBeLessThanOrEqual(5);
	});

	it('lets an agent on the AiChats Chat Model see an image', async () => {
		const draw = imageNode('Draw', 'kite [[size width=48 height=32]]', {
			provider: 'openAiCompatible',
		});
		const agent = aiAgent('What is it?');
		const model = subNode(chatModel('openAiCompatible'), agent, 'ai_languageModel');
		const nodes = chain(manualTrigger(), draw, agent);
		const { id } = await save(lab(), workflow('Agent', ...nodes, model));
		const editor = await openEditor();
		await editor.canvas.open(id);
		await editor.canvas.execute('AI Agent');
		await editor.canvas.openNode('AI Agent');
		await expect.poll(() => editor.output.text()).toContain('It came with 1 image: image/png');
	});
});
